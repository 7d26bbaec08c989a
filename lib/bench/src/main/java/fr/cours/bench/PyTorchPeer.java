package fr.cours.bench;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import fr.cours.bench.Inputs.Array;
import fr.cours.bench.Inputs.Batch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** PyTorch, par DJL : les travaux sont ceux de {@code works.py}. */
final class PyTorchPeer implements Contender {
    private static final String ENGINE = "PyTorch";

    @Override
    public String version() {
        return "PyTorch " + Engine.getEngine(ENGINE).getVersion() + ", par DJL " + Engine.getDjlVersion();
    }

    @Override
    public Task prepare(Work work) {
        return work.kind().isTraining() ? new Training(work) : new Computation(work);
    }

    /** Un module chargé, et la mémoire de ses tableaux. */
    private static class Script implements AutoCloseable {
        final NDManager manager = NDManager.newBaseManager(ENGINE);
        private final Model model;
        private final PtSymbolBlock block;
        private final boolean gradients;

        Script(String name, boolean gradients) {
            this.gradients = gradients;
            model = Model.newInstance(name, ENGINE);
            try {
                model.load(new ByteArrayInputStream(TorchScript.archive(name)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            } catch (MalformedModelException refused) {
                throw new IllegalStateException(refused);
            }
            block = (PtSymbolBlock) model.getBlock();
        }

        final NDArray tensor(Array array) {
            return manager.create(array.values(), new Shape(array.shape()));
        }

        /** Un argument qui est une liste : DJL la reconnaît au nom de ses éléments. */
        final List<NDArray> list(String name, List<Array> arrays, boolean learned) {
            List<NDArray> tensors = arrays.stream().map(this::tensor).toList();
            for (NDArray tensor : tensors) {
                tensor.setName(name + "[]");
                if (learned) {
                    tensor.setRequiresGradient(true);
                }
            }
            return tensors;
        }

        final NDList call(NDList arguments) {
            JniUtils.setGradMode(gradients); // propre à chaque fil de Java
            return IValueUtils.forward(block, arguments, gradients);
        }

        @Override
        public void close() {
            model.close();
            manager.close();
        }
    }

    /** Les travaux qui rendent des tableaux. */
    private static final class Computation extends Script implements Task {
        private final Work work;
        private final NDList arguments = new NDList();

        Computation(Work work) {
            super(script(work), work.kind() == Work.Kind.ENCODER || work.kind() == Work.Kind.LSTM);
            this.work = work;
            switch (work.kind()) {
                case MULTI_HEAD -> {
                    arguments.add(tensor(Inputs.inputAndUpstream(work).get(0)));
                    arguments.add(manager.create(work.heads()));
                    arguments.addAll(list("p", Inputs.parameters(work), false));
                }
                case ENCODER, LSTM -> {
                    arguments.add(tensor(Inputs.inputAndUpstream(work).get(0)));
                    arguments.get(0).setRequiresGradient(true);
                    arguments.add(tensor(Inputs.inputAndUpstream(work).get(1)));
                    if (work.kind() == Work.Kind.ENCODER) {
                        arguments.add(manager.create(work.heads()));
                    }
                    arguments.addAll(list("p", parameters(work), true));
                }
                default -> {
                    Inputs.attention(work).forEach(array -> arguments.add(tensor(array)));
                    if (work.kind() != Work.Kind.ATTENTION && work.kind() != Work.Kind.OUTPUT_ONLY) {
                        arguments.add(hidden());
                    }
                }
            }
        }

        private static String script(Work work) {
            return switch (work.kind()) {
                case MULTI_HEAD -> "MultiHead";
                case ENCODER -> "Encoder";
                case LSTM -> "Lstm";
                case OUTPUT_ONLY -> "FusedAttention";
                case CAUSAL, PADDED -> "MaskedAttention";
                default -> "Attention";
            };
        }

        private NDArray hidden() {
            boolean causal = work.kind() == Work.Kind.CAUSAL;
            Shape shape = causal ? new Shape(1, work.n(), work.n()) : new Shape(work.batch(), 1, work.n());
            return manager.create(Inputs.hidden(work), shape);
        }

        /** La LSTM de PyTorch range ses matrices à l'envers, et a deux biais. */
        private static List<Array> parameters(Work work) {
            List<Array> ours = Inputs.parameters(work);
            if (work.kind() != Work.Kind.LSTM) {
                return ours;
            }
            Array bias = ours.get(2);
            return List.of(
                    transposed(ours.get(0)),
                    transposed(ours.get(1)),
                    bias,
                    new Array(new float[bias.values().length], bias.shape()));
        }

        private static Array transposed(Array matrix) {
            int rows = (int) matrix.shape()[0];
            int columns = (int) matrix.shape()[1];
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = matrix.values()[i % rows * columns + i / rows];
            }
            return new Array(values, columns, rows);
        }

        @Override
        public Object run() {
            try (NDList outputs = call(arguments)) {
                return outputs;
            }
        }

        @Override
        public List<float[]> results() {
            try (NDList outputs = call(arguments)) {
                List<float[]> all = new ArrayList<>();
                for (int i = 0; i < outputs.size(); i++) {
                    boolean matrix = work.kind() == Work.Kind.LSTM && (i == 2 || i == 3);
                    NDArray output = matrix ? outputs.get(i).transpose() : outputs.get(i);
                    all.add(Samples.of(output.toFloatArray()));
                }
                return work.kind() == Work.Kind.LSTM ? all.subList(0, 5) : all;
            }
        }
    }

    /** Le modèle de sentiment et son pas d'Adam. */
    private static final class Training extends Script implements Task {
        private final Work work;
        private final List<NDArray> state = new ArrayList<>();
        private final List<List<NDArray>> batches = new ArrayList<>();
        private final NDArray positions;

        Training(Work work) {
            super(
                    switch (work.kind()) {
                        case LAZY_STEP -> "LazyStep";
                        case EPOCH -> "MaskedStep";
                        default -> "Step";
                    },
                    true);
            this.work = work;
            List<Array> parameters = Inputs.parameters(work);
            if (work.kind() == Work.Kind.LAZY_STEP) { // la table, puis ses deux moments
                Array table = parameters.get(0);
                state.add(tensor(table));
                state.get(0).setRequiresGradient(true);
                state.add(tensor(zeros(table)));
                state.add(tensor(zeros(table)));
                parameters = parameters.subList(1, parameters.size());
            }
            List<Array> zeros = parameters.stream().map(Training::zeros).toList();
            state.addAll(list("p", parameters, true));
            state.addAll(list("m", zeros, false));
            state.addAll(list("v", zeros, false));
            state.addAll(list("t", Collections.nCopies(zeros.size(), new Array(new float[1])), false));
            positions = manager.create(Positions.of(work.n(), work.d()), new Shape(work.n(), work.d()));
            Inputs.batches(work).forEach(batch -> batches.add(tensors(batch)));
        }

        private static Array zeros(Array like) {
            return new Array(new float[like.values().length], like.shape());
        }

        /** Les phrases, les étiquettes et, pour de vrais avis, le masque du remplissage. */
        private List<NDArray> tensors(Batch batch) {
            int size = batch.ids().length;
            long[] flat = Arrays.stream(batch.ids())
                    .flatMapToInt(Arrays::stream)
                    .asLongStream()
                    .toArray();
            float[] labels = new float[size];
            for (int i = 0; i < size; i++) {
                labels[i] = batch.labels()[i];
            }
            NDArray ids = manager.create(flat, new Shape(size, work.n()));
            if (work.kind() != Work.Kind.EPOCH) {
                return List.of(ids, manager.create(labels));
            }
            boolean[] padding = Inputs.hidden(
                    Arrays.stream(batch.ids()).mapToInt(Inputs::length).toArray(), work.n());
            float[] seen = new float[padding.length];
            for (int i = 0; i < seen.length; i++) {
                seen[i] = padding[i] ? 0 : 1;
            }
            return List.of(
                    ids,
                    manager.create(labels),
                    manager.create(padding, new Shape(size, 1, 1, work.n())),
                    manager.create(seen, new Shape(size, work.n(), 1)));
        }

        private float step(List<NDArray> batch, NDArray dropout) {
            NDList arguments = new NDList(batch.get(0), batch.get(1), positions, dropout);
            arguments.addAll(batch.subList(2, batch.size()));
            arguments.addAll(state);
            try (NDList loss = call(arguments)) {
                return loss.get(0).getFloat();
            }
        }

        @Override
        public Object run() {
            float last = 0;
            try (NDArray dropout = manager.create(0.1f)) {
                for (List<NDArray> batch : batches) {
                    last = step(batch, dropout);
                }
            }
            return last;
        }

        @Override
        public List<float[]> results() {
            float[] losses = new float[Work.CHECKED_STEPS];
            try (NDArray dropout = manager.create(0f)) {
                for (int i = 0; i < losses.length; i++) {
                    losses[i] = step(batches.get(0), dropout);
                }
            }
            return List.of(losses);
        }
    }
}
