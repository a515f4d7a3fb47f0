package org.example.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;
import stir.core.study.CompareRequest;
import stir.report.PageRequest;
import stir.report.StudyPage;

/** Compares two networks of Stir's demo, and makes the page of the result. */
public final class Main {
    public static void main(String[] arguments) throws IOException {
        var demo = Path.of(arguments[0]);
        var search = InversionSettings.of(Optimizer.FAST.method()).withIterations(5);
        var stir = Stir.load();
        try (var a = stir.open(NetworkSpec.of(demo.resolve("vgg0.script.pt")));
                var b = stir.open(NetworkSpec.of(demo.resolve("vgg1.script.pt")))) {
            var inputs = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(8);
            var settings = ScoreSettings.PUBLISHED.withInversion(search);
            var folder = Files.createTempDirectory("embedding");
            var request = CompareRequest.of(a, b, inputs).withSettings(settings).withFolder(folder);
            var score = stir.compare(request).aGivenB().of("linear-cka").stir();
            System.out.println("STIR " + score.value().orElseThrow());
            var page = StudyPage.read(PageRequest.of(folder));
            System.out.println("page of " + page.shown() + " scores");
            System.out.println("named " + Main.class.getModule().isNamed());
        }
    }
}
