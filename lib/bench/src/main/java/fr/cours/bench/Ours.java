package fr.cours.bench;

import fr.cours.attention.layers.AttentionMask;
import fr.cours.attention.layers.AttentionOutput;
import fr.cours.attention.layers.BlockwiseAttention;
import fr.cours.attention.layers.EncoderBlock;
import fr.cours.attention.layers.Layer;
import fr.cours.attention.layers.Lstm;
import fr.cours.attention.layers.MultiHeadAttention;
import fr.cours.attention.layers.Parameter;
import fr.cours.attention.layers.ScaledDotProductAttention;
import fr.cours.attention.layers.Tape;
import fr.cours.attention.math.Gemm;
import fr.cours.attention.math.Machine;
import fr.cours.attention.math.Parallel;
import fr.cours.attention.math.RandomTensors;
import fr.cours.attention.models.AttentionSentimentAnalyzer;
import fr.cours.attention.training.LearningRate;
import fr.cours.attention.training.Loss;
import fr.cours.attention.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Les couches du cours. */
final class Ours implements Contender {
    Ours() {
        Parallel.start();
    }

    @Override
    public String version() {
        return Machine.describe().replaceAll("\\s*\\R\\s*", " ; ").replaceAll(" +", " ");
    }

    @Override
    public Task prepare(Work work) {
        return switch (work.kind()) {
            case ATTENTION, CAUSAL, PADDED, OUTPUT_ONLY -> attention(work);
            case MULTI_HEAD -> multiHead(work);
            case ENCODER -> {
                EncoderBlock block = new EncoderBlock("", work.d(), work.heads(), 4 * work.d(), 0, new Random(1));
                yield forwardAndBackward(
                        work,
                        block,
                        (tape, x) ->
                                block.forward(tape, x, AttentionMask.none()).output());
            }
            case LSTM -> {
                Lstm lstm = new Lstm("lstm", work.d(), work.d(), false, new Random(1));
                yield forwardAndBackward(work, lstm, lstm::forward);
            }
            case STEP, LAZY_STEP, EPOCH -> new Training(work);
            case PRODUCTS -> products(work);
            case PEAK -> {
                INDArray a = RandomTensors.normal(new Random(1), work.n(), work.d());
                INDArray product = Nd4j.create(work.n(), work.d());
                yield repeated(() -> Gemm.ab(a, a, 1, 0, product));
            }
        };
    }

    private static Task attention(Work work) {
        List<INDArray> inputs =
                Inputs.attention(work).stream().map(Ours::tensor).toList();
        AttentionMask mask = switch (work.kind()) {
            case CAUSAL -> AttentionMask.causal(work.n());
            case PADDED -> AttentionMask.padding(Inputs.lengths(work), work.n());
            default -> AttentionMask.none();
        };
        var layer = work.kind() == Work.Kind.OUTPUT_ONLY ? new BlockwiseAttention() : new ScaledDotProductAttention();
        return inference(() -> layer.forward(Tape.NONE, inputs.get(0), inputs.get(1), inputs.get(2), mask));
    }

    private static Task multiHead(Work work) {
        MultiHeadAttention layer = new MultiHeadAttention(work.d(), work.heads(), 1);
        assign(layer, Inputs.parameters(work));
        INDArray x = tensor(Inputs.inputAndUpstream(work).get(0));
        return inference(() -> layer.forward(x, x, x, AttentionMask.none()));
    }

    /** Comme chez les autres, qui libèrent ce qu'on leur rend : sans attendre le ramasse-miettes. */
    private static Task inference(Supplier<AttentionOutput> work) {
        return new Simple() {
            @Override
            public Object run() {
                AttentionOutput out = work.get();
                release(out.output());
                release(out.weights());
                return out;
            }

            @Override
            public List<float[]> results() {
                AttentionOutput out = work.get();
                return out.weights() == null
                        ? List.of(values(out.output()))
                        : List.of(values(out.output()), values(out.weights()));
            }
        };
    }

    private static void release(INDArray array) {
        if (array != null && array.closeable()) {
            array.close();
        }
    }

    private interface Forward {
        INDArray apply(Tape tape, INDArray x);
    }

    /** Une couche, aller et retour ; dans la mémoire réutilisée qu'un entraînement lui donne. */
    private static Task forwardAndBackward(Work work, Layer layer, Forward forward) {
        assign(layer, Inputs.parameters(work));
        INDArray x = tensor(Inputs.inputAndUpstream(work).get(0));
        INDArray upstream = tensor(Inputs.inputAndUpstream(work).get(1));
        WorkspaceConfiguration reused =
                WorkspaceConfiguration.builder().initialSize(0).build();
        return new Simple() {
            private <T> T backward(Function<List<INDArray>, T> end) {
                try (MemoryWorkspace memory =
                        Nd4j.getWorkspaceManager().getAndActivateWorkspace(reused, "forward and backward")) {
                    Tape tape = new Tape();
                    INDArray y = forward.apply(tape, x);
                    tape.backward(y, upstream, layer.parameters());
                    return end.apply(List.of(y, tape.gradient(x)));
                }
            }

            @Override
            public Object run() {
                return backward(outputs -> outputs);
            }

            @Override
            public List<float[]> results() {
                return backward(outputs -> {
                    List<float[]> all = new ArrayList<>();
                    outputs.forEach(output -> all.add(values(output)));
                    layer.parameters().forEach(parameter -> all.add(values(parameter.gradient())));
                    return all;
                });
            }
        };
    }

    /** Les produits de {@link MultiHeadAttention}, sans rien entre eux. */
    private static Task products(Work work) {
        Random random = new Random(1);
        int depth = work.d() / work.heads();
        INDArray x = RandomTensors.normal(random, (long) work.batch() * work.n(), work.d());
        INDArray kernel = RandomTensors.normal(random, work.d(), work.d());
        INDArray projected = Nd4j.create(x.shape());
        INDArray heads = RandomTensors.normal(random, work.batch(), work.n(), work.d())
                .reshape(work.batch(), work.n(), work.heads(), depth)
                .permute(0, 2, 1, 3); // [batch, heads, n, depth], une vue
        INDArray mixed = Nd4j.create(work.batch(), work.n(), work.d())
                .reshape(work.batch(), work.n(), work.heads(), depth)
                .permute(0, 2, 1, 3);
        INDArray scores = Nd4j.create(work.batch(), work.heads(), work.n(), work.n());
        return repeated(() -> {
            for (int projection = 0; projection < 4; projection++) {
                Gemm.ab(x, kernel, 1, 0, projected);
            }
            Gemm.abt(heads, heads, 1, 0, scores);
            Gemm.ab(scores, heads, 1, 0, mixed);
        });
    }

    private static Task repeated(Runnable work) {
        return new Simple() {
            @Override
            public Object run() {
                work.run();
                return null;
            }

            @Override
            public List<float[]> results() {
                return List.of();
            }
        };
    }

    /** Le modèle de sentiment, entraîné par {@link Trainer} comme dans la section 7. */
    private static final class Training extends Simple {
        private final Work work;
        private final List<Example> examples = new ArrayList<>();
        private final AttentionSentimentAnalyzer model;

        private record Example(int[] ids, int label) {}

        Training(Work work) {
            this.work = work;
            for (Inputs.Batch batch : Inputs.batches(work)) {
                for (int i = 0; i < batch.ids().length; i++) {
                    int[] ids = batch.ids()[i];
                    examples.add(new Example(Arrays.copyOf(ids, Inputs.length(ids)), batch.labels()[i]));
                }
            }
            model = model(0.1);
        }

        private AttentionSentimentAnalyzer model(double dropout) {
            var options =
                    new AttentionSentimentAnalyzer.Options(4 * work.d(), 0, dropout, 0, work.kind() == Work.Kind.EPOCH);
            var fresh = new AttentionSentimentAnalyzer(Work.WORDS, work.d(), work.heads(), work.n(), 1, options);
            assign(fresh, Inputs.parameters(work));
            return fresh;
        }

        private Trainer<Example> trainer(AttentionSentimentAnalyzer model) {
            var trainer = new Trainer<Example>(model, (tape, batch) -> loss(model, tape, batch))
                    .batchSize(work.batch())
                    .parts(Parallel.threads())
                    .learningRate(LearningRate.constant(1e-3))
                    .similarLengths(example -> example.ids.length);
            return work.kind() == Work.Kind.LAZY_STEP ? trainer.lazy() : trainer;
        }

        private static Loss loss(AttentionSentimentAnalyzer model, Tape tape, List<Example> batch) {
            int longest = batch.stream().mapToInt(e -> e.ids.length).max().orElseThrow();
            int[][] ids = batch.stream().map(e -> Arrays.copyOf(e.ids, longest)).toArray(int[][]::new);
            int[] labels = batch.stream().mapToInt(Example::label).toArray();
            return Loss.binaryCrossEntropy(model.forward(tape, ids).logits(), labels);
        }

        @Override
        public Object run() {
            return trainer(model).fit(examples);
        }

        @Override
        public List<float[]> results() {
            double[] losses = trainer(model(0))
                    .epochs(Work.CHECKED_STEPS)
                    .fit(examples.subList(0, work.batch()))
                    .losses();
            return List.of(Samples.of(losses.length, i -> losses[i]));
        }
    }

    private abstract static class Simple implements Task {
        @Override
        public void close() {
            // rien à rendre : le ramasse-miettes s'en charge
        }
    }

    private static void assign(Layer layer, List<Inputs.Array> values) {
        List<Parameter> parameters = layer.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).value().assign(tensor(values.get(i)));
        }
    }

    private static INDArray tensor(Inputs.Array array) {
        return Nd4j.create(array.values(), array.shape(), 'c');
    }

    private static float[] values(INDArray array) {
        INDArray rows = array.ordering() == 'c' && !array.isView() ? array : array.dup('c');
        return Samples.of(rows.length(), i -> rows.data().getFloat(i));
    }
}
