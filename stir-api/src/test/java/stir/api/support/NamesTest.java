package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Layout;
import stir.api.UsageException;

class NamesTest {
    @Test
    void unknownNamesAreAnsweredWithTheNearest() {
        assertEquals(2, NearestNames.distance("flaten", "flattens"));
        var known = List.of("conv1", "conv2", "relu", "flatten", "fc", "layer1.0.relu");
        assertEquals("flatten", NearestNames.nearest("flaten", known).get(0));
        assertTrue(NearestNames.sentence("layer", "flaten", known).startsWith("There is no layer 'flaten'"));
        assertTrue(NearestNames.sentence("layer", "x", List.of()).contains("none at all"));
    }

    @Test
    void distantNamesAreListedOnlyIfNoneIsNear() {
        var known = List.of("conv1", "conv2", "relu", "flatten", "fc", "layer1.0.relu");
        assertEquals(
                "There is no layer 'flaten': the nearest of 6 is flatten.",
                NearestNames.sentence("layer", "flaten", known));
        assertEquals(List.of("conv1", "conv2"), NearestNames.nearest("conv3", known));
        assertEquals(List.of("relu", "layer1.0.relu"), NearestNames.nearest("relu", known));
        assertEquals(List.of("linear-cka"), NearestNames.nearest("cka", List.of("linear-cka", "procrustes", "gulp")));
        assertEquals(Optional.of("flatten"), NearestNames.meant("FLATEN", known));
        assertEquals(Optional.empty(), NearestNames.meant("embedding", known));
        assertEquals(
                "there are 6, such as relu, flatten, conv1, conv2, fc",
                NearestNames.among("embedding", known),
                "examples of names");
        assertEquals(
                "use one of conv1, relu, fc, flatten",
                NearestNames.among("conv3", List.of("flatten", "relu", "fc", "conv1")),
                "a few names are all listed");
    }

    @Test
    void namesWithAPartKeepTheirOrder() {
        var known = List.of("linear-cka", "linear-cka-debiased", "cca", "rbf-cka");
        assertEquals(
                List.of("linear-cka", "linear-cka-debiased", "rbf-cka", "cca"), NearestNames.nearest("cka", known));
    }

    @ParameterizedTest
    @CsvSource({"optimiser, optimizer", "optimizer, optimizer", "normalize, normalise", "gray, grey", "colour, color"})
    void britishAndAmericanSpellingNameTheSame(String name, String known) {
        assertEquals(Optional.of(known), NearestNames.spelt(name, List.of("other", known, "greys")));
        assertEquals(Optional.empty(), NearestNames.spelt(name + "s", List.of("other", known)));
    }

    @ParameterizedTest
    @EnumSource
    void aConstantIsFoundByItsWord(Layout layout) {
        assertEquals(layout, Words.parse(Layout.class, "layout", Words.of(layout)));
    }

    @Test
    void wordsAreInLowerCaseWithHyphens() {
        assertEquals(List.of("channels-first", "channels-last", "flat"), Words.of(Layout.class));
    }

    @ParameterizedTest
    @CsvSource({"channels_first", "CHANNELS-FIRST", "chanels-first"})
    void anUnknownWordIsAnsweredWithTheNearest(String word) {
        var refusal = assertThrows(UsageException.class, () -> Words.parse(Layout.class, "layout", word));
        assertTrue(
                refusal.getMessage().startsWith("There is no layout '" + word + "': use one of channels-"),
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux, x86_64",
        "Mac OS X, aarch64, mac, aarch64",
        "Windows 11, AMD64, windows, x86_64",
        "Linux, arm64, linux, aarch64",
        "FreeBSD, riscv64, freebsd, riscv64"
    })
    void platformsHaveOneNameEach(String name, String arch, String system, String processor) {
        assertEquals(new Platform(system, processor), Platform.of(name, arch));
    }
}
