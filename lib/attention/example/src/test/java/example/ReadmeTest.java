package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Ce que le README de la bibliothèque montre est ce que l'exemple compile et lance. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");

    @Test
    void codeIsTheExample() throws IOException {
        String main = Files.readString(Path.of("src/main/java/example/SentimentExample.java"));
        String shown = between(
                main, "        // Début des lignes que montre le README de la bibliothèque.\n", "        // Fin");
        assertEquals(shown.stripTrailing().stripIndent(), block("java").strip());
    }

    @Test
    void mavenCoordinatesAreTheExample() throws IOException {
        String pom = withoutIndent(Files.readString(Path.of("pom.xml")));
        Matcher dependency =
                Pattern.compile("<dependency>.*?</dependency>", Pattern.DOTALL).matcher(block("xml"));
        List<String> shown = dependency.results().map(MatchResult::group).toList();
        assertEquals(5, shown.size());
        shown.forEach(text -> assertTrue(
                pom.contains(withoutIndent(text).replace("linux-x86_64", "${natives}")),
                () -> "absent de l'exemple : " + text));
    }

    @Test
    void gradleCoordinatesAreTheExample() throws IOException {
        String pom = withoutIndent(Files.readString(Path.of("pom.xml")));
        Matcher line = Pattern.compile("\"([\\w.]+):([\\w-]+):([\\w.-]+)[:\"]").matcher(block("kotlin"));
        List<MatchResult> shown = line.results().toList();
        assertEquals(5, shown.size());
        shown.forEach(found -> assertTrue(
                pom.contains("<groupId>%s</groupId>\n<artifactId>%s</artifactId>\n<version>%s</version>"
                        .formatted(found.group(1), found.group(2), found.group(3))),
                () -> "absent de l'exemple : " + found.group()));
    }

    /** Un code natif d'une autre version que son Java se charge parfois, et se trompe. */
    @Test
    void nativeCodeHasTheVersionOfItsJava() {
        List<String> jars = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(jar -> Path.of(jar).getFileName().toString())
                .toList();
        for (String name : List.of("nd4j-native", "javacpp", "openblas")) {
            Pattern versioned = Pattern.compile(name + "-(\\d.*?)(-(linux|macosx|windows)-.*)?\\.jar");
            List<String> versions = jars.stream()
                    .map(versioned::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .toList();
            assertEquals(
                    2, versions.size(), () -> name + " : trouvé " + versions + ", attendu le Java et son code natif");
            assertEquals(versions.get(0), versions.get(1), name);
        }
    }

    private static String block(String language) throws IOException {
        return between(Files.readString(README), "```" + language + "\n", "```");
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start);
        assertTrue(from >= 0, () -> "introuvable : " + start);
        return text.substring(from + start.length(), text.indexOf(end, from + start.length()));
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).reduce("", (a, b) -> a + "\n" + b);
    }
}
