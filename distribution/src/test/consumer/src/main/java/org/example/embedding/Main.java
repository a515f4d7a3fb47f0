package org.example.embedding;

import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;

import java.nio.file.Path;

/** Compares two networks of Stir's demo. */
public final class Main {
    public static void main(String[] arguments) {
        var demo = Path.of(arguments[0]);
        var search = InversionSettings.of(Optimizer.FAST.method()).withIterations(5);
        var stir = Stir.load();
        try (var a = stir.open(NetworkSpec.of(demo.resolve("vgg0.script.pt")));
                var b = stir.open(NetworkSpec.of(demo.resolve("vgg1.script.pt")))) {
            var inputs = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(8);
            var settings = ScoreSettings.PUBLISHED.withInversion(search);
            var found = stir.compare(a, b, inputs, settings).aGivenB().of("linear-cka").stir();
            System.out.println("STIR " + found.value().orElseThrow());
            System.out.println("named " + Main.class.getModule().isNamed());
        }
    }
}
