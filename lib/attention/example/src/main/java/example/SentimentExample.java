package example;

import fr.cours.attention.math.Parallel;
import fr.cours.attention.models.AttentionSentimentAnalyzer;
import fr.cours.attention.models.AttentionSentimentAnalyzer.Options;
import fr.cours.attention.text.Tokenizer;
import fr.cours.attention.text.Vocabulary;
import fr.cours.attention.training.LearningRate;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.ParameterFile;
import fr.cours.attention.training.Trainer;
import fr.cours.attention.training.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Apprend à dire si une phrase est favorable, garde ce qui est appris, le relit, et montre où le modèle regarde. */
public final class SentimentExample {
    private SentimentExample() {}

    /**
     * Lance l'exemple.
     *
     * @param args le corpus (par ligne : 0 ou 1, une tabulation, une phrase), puis le fichier où garder les paramètres
     * @throws IOException si le corpus ne se lit pas
     */
    public static void main(String[] args) throws IOException {
        Path corpus = Path.of(args[0]);
        Path file = Path.of(args[1]);

        // Début des lignes que montre le README de la bibliothèque.
        Parallel.start(); // les cœurs de la machine, pris une fois pour toutes
        int longest = 20; // mots par phrase, au plus
        List<String[]> lines = Files.readAllLines(corpus).stream()
                .map(line -> line.split("\t"))
                .toList();
        List<List<String>> words =
                lines.stream().map(line -> Tokenizer.tokens(line[1])).toList();
        Vocabulary vocabulary = Vocabulary.of(words, 1000, 1); // 1 000 mots au plus, vus une fois au moins
        int[] labels =
                lines.stream().mapToInt(line -> Integer.parseInt(line[0])).toArray();
        int[][] ids = words.stream()
                .map(sentence -> vocabulary.encode(sentence, longest))
                .toArray(int[][]::new);

        var options = new Options(64, 0.2, 0.2, 0, true); // réseau dense, abandons, masque de remplissage
        var model = new AttentionSentimentAnalyzer(vocabulary.size(), 32, 2, longest, 1, options); // 2 têtes, graine 1
        var trainer = new Trainer<Integer>(model, (tape, batch) -> {
            List<int[]> sentences = batch.stream().map(i -> ids[i]).toList();
            INDArray logits =
                    model.forward(tape, Vocabulary.pad(sentences).ids()).logits(); // [batch, 1]
            return Loss.binaryCrossEntropy(
                    logits, batch.stream().mapToInt(i -> labels[i]).toArray());
        });
        TrainingHistory history = trainer.epochs(30)
                .batchSize(8)
                .learningRate(LearningRate.warmupCosine(3e-3, 0.1))
                .fit(IntStream.range(0, ids.length).boxed().toList());
        ParameterFile.save(file, model.parameters());
        // Fin de ces lignes.

        double[] losses = history.losses();
        print(
                "%d phrases, %d mots ; perte moyenne : %.3f à la première époque, %.3f à la dernière",
                ids.length, vocabulary.size(), losses[0], losses[losses.length - 1]);

        var copy = new AttentionSentimentAnalyzer(vocabulary.size(), 32, 2, longest, 2, options); // une autre graine
        ParameterFile.load(file, copy.parameters());
        int[][] all = Vocabulary.pad(List.of(ids)).ids();
        INDArray learned = model.forward(all).probabilities();
        if (!Arrays.equals(
                learned.toFloatVector(), copy.forward(all).probabilities().toFloatVector())) {
            throw new IllegalStateException("Les paramètres relus ne donnent pas les mêmes prédictions.");
        }
        print("Paramètres relus dans un modèle neuf : mêmes prédictions, au bit près.");

        List<String> unseen = Tokenizer.tokens("La sauce était délicieuse, mais l’accueil glacial.");
        var output = copy.forward(new int[][] {vocabulary.encode(unseen, longest)});
        print(
                "%n« %s », phrase jamais lue : favorable à %.0f %%. Où chaque mot regarde, en pour cent :%n",
                String.join(" ", unseen), 100 * output.probabilities().getFloat(0));
        printAttention(unseen, output.weights().slice(0).mean(0)); // [têtes, n, n] → [n, n]
    }

    /** Une ligne par mot qui regarde, une colonne par mot regardé, en pour cent, les têtes en moyenne. */
    private static void printAttention(List<String> words, INDArray weights) {
        StringBuilder table = new StringBuilder(String.format("%-11s", ""));
        words.forEach(word -> table.append(String.format("%11s", word)));
        for (int query = 0; query < words.size(); query++) {
            table.append(String.format("%n%-11s", words.get(query)));
            for (int key = 0; key < words.size(); key++) {
                table.append(String.format("%11.0f", 100 * weights.getFloat(query, key)));
            }
        }
        print("%s", table);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.FRENCH, format + "%n", values);
    }
}
