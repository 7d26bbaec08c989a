package fr.cours.bench;

import fr.cours.bench.Inputs.Array;
import fr.cours.bench.Inputs.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.op.nn.BlockLSTMGrad;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** TensorFlow, par son interface Java : un graphe par travail, comme le fait {@code tf.function} du cours d'origine. */
final class TensorFlowPeer implements Contender {
    @Override
    public String version() {
        return "TensorFlow " + TensorFlow.version();
    }

    @Override
    public Task prepare(Work work) {
        return work.kind().isTraining() ? new Training(work) : new Computation(work);
    }

    /** Un graphe, sa session, et ce qu'il a de commun : variables, couches. */
    private static class Model implements AutoCloseable {
        final Graph graph = new Graph();
        final Ops tf = Ops.create(graph);
        final Session session;
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        final List<VarHandleOp> variables = new ArrayList<>();
        final List<Operand<TFloat32>> parameters = new ArrayList<>();
        private final List<Op> initializers = new ArrayList<>();

        Model() {
            int threads = Integer.parseInt(System.getenv("OMP_NUM_THREADS"));
            session = new Session(
                    graph,
                    ConfigProto.newBuilder()
                            .setIntraOpParallelismThreads(threads)
                            .setInterOpParallelismThreads(1)
                            .build());
        }

        final Operand<TFloat32> input(Array array) {
            return feed(TFloat32.class, TFloat32.tensorOf(Shape.of(array.shape()), DataBuffers.of(array.values())));
        }

        final <T extends TType> Operand<T> feed(Class<T> type, T value) {
            Operand<T> placeholder = tf.placeholder(type, Placeholder.shape(value.shape()));
            feeds.put(placeholder, value);
            return placeholder;
        }

        final VarHandleOp variable(String name, Array initial) {
            VarHandleOp variable =
                    tf.varHandleOp(TFloat32.class, Shape.of(initial.shape()), VarHandleOp.sharedName(name));
            initializers.add(tf.assignVariableOp(
                    variable, tf.constant(Shape.of(initial.shape()), DataBuffers.of(initial.values()))));
            return variable;
        }

        final void parameters(List<Array> values) {
            for (Array value : values) {
                variables.add(variable("p" + variables.size(), value));
                parameters.add(tf.readVariableOp(variables.get(variables.size() - 1), TFloat32.class));
            }
        }

        final void initialize() {
            if (!initializers.isEmpty()) {
                Session.Runner runner = session.runner();
                initializers.forEach(runner::addTarget);
                runner.run().close();
            }
        }

        final Session.Runner runner() {
            Session.Runner runner = session.runner();
            feeds.forEach(runner::feed);
            return runner;
        }

        final List<Operand<TFloat32>> attend(
                Operand<TFloat32> q, Operand<TFloat32> k, Operand<TFloat32> v, int depth, Operand<TBool> hidden) {
            Operand<TFloat32> scores = tf.train.batchMatMul(q, k, TFloat32.class, BatchMatMul.adjY(true));
            scores = tf.math.mul(scores, tf.constant((float) (1 / Math.sqrt(depth))));
            if (hidden != null) {
                // Le cours d'origine ajoute −1e9 là où c'est caché.
                scores = tf.math.add(scores, tf.math.mul(tf.dtypes.cast(hidden, TFloat32.class), tf.constant(-1e9f)));
            }
            Operand<TFloat32> weights = tf.nn.softmax(scores);
            return List.of(tf.train.batchMatMul(weights, v, TFloat32.class), weights);
        }

        /** Sur {@code [batch·n, entrées]}. */
        final Operand<TFloat32> dense(Operand<TFloat32> rows, int parameter) {
            return tf.nn.biasAdd(tf.linalg.matMul(rows, parameters.get(parameter)), parameters.get(parameter + 1));
        }

        final List<Operand<TFloat32>> multiHead(Operand<TFloat32> rows, int first, Work work, Operand<TBool> hidden) {
            int depth = work.d() / work.heads();
            List<Operand<TFloat32>> heads = new ArrayList<>();
            for (int projection = 0; projection < 3; projection++) {
                heads.add(tf.linalg.transpose(
                        tf.reshape(
                                dense(rows, first + 2 * projection),
                                tf.constant(new int[] {-1, work.n(), work.heads(), depth})),
                        tf.constant(new int[] {0, 2, 1, 3}))); // [batch, heads, n, depth]
            }
            var attended = attend(heads.get(0), heads.get(1), heads.get(2), depth, hidden);
            Operand<TFloat32> together = tf.reshape(
                    tf.linalg.transpose(attended.get(0), tf.constant(new int[] {0, 2, 1, 3})),
                    tf.constant(new int[] {-1, work.d()}));
            return List.of(dense(together, first + 6), attended.get(1));
        }

        final Operand<TFloat32> normalize(Operand<TFloat32> x, int parameter) {
            Operand<TInt32> last = tf.constant(-1);
            Operand<TFloat32> mean = tf.math.mean(x, last, Mean.keepDims(true));
            Operand<TFloat32> variance = tf.math.mean(tf.math.squaredDifference(x, mean), last, Mean.keepDims(true));
            Operand<TFloat32> scale =
                    tf.math.mul(tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-6f))), parameters.get(parameter));
            return tf.math.add(
                    tf.math.mul(x, scale), tf.math.sub(parameters.get(parameter + 1), tf.math.mul(mean, scale)));
        }

        /** Un étage d'encodeur, sur {@code [batch·n, d]}. */
        final Operand<TFloat32> block(Operand<TFloat32> rows, int first, Work work, Operand<TBool> hidden) {
            Operand<TFloat32> y = normalize(
                    tf.math.add(rows, multiHead(rows, first, work, hidden).get(0)), first + 8);
            Operand<TFloat32> inner = tf.nn.relu(dense(y, first + 10));
            return normalize(tf.math.add(y, dense(inner, first + 12)), first + 14);
        }

        final Operand<TFloat32> rows(Operand<TFloat32> x, Work work) {
            return tf.reshape(x, tf.constant(new int[] {-1, work.d()}));
        }

        final Operand<TFloat32> sequences(Operand<TFloat32> rows, Work work) {
            return tf.reshape(rows, tf.constant(new int[] {-1, work.n(), work.d()}));
        }

        @Override
        public void close() {
            session.close();
            graph.close();
            feeds.values().forEach(Tensor::close);
        }
    }

    /** Les travaux qui rendent des tableaux. */
    private static final class Computation extends Model implements Task {
        private final List<Operand<TFloat32>> outputs = new ArrayList<>();

        Computation(Work work) {
            switch (work.kind()) {
                case MULTI_HEAD -> {
                    parameters(Inputs.parameters(work));
                    Operand<TFloat32> x = input(Inputs.inputAndUpstream(work).get(0));
                    var attended = multiHead(rows(x, work), 0, work, null);
                    outputs.add(sequences(attended.get(0), work));
                    outputs.add(attended.get(1));
                }
                case ENCODER -> encoder(work);
                case LSTM -> lstm(work);
                default -> {
                    List<Operand<TFloat32>> qkv =
                            Inputs.attention(work).stream().map(this::input).toList();
                    outputs.addAll(attend(qkv.get(0), qkv.get(1), qkv.get(2), work.d(), hidden(work)));
                }
            }
            initialize();
        }

        private Operand<TBool> hidden(Work work) {
            boolean causal = work.kind() == Work.Kind.CAUSAL;
            if (!causal && work.kind() != Work.Kind.PADDED) {
                return null;
            }
            Shape shape = causal ? Shape.of(1, work.n(), work.n()) : Shape.of(work.batch(), 1, work.n());
            return feed(TBool.class, TBool.tensorOf(shape, DataBuffers.of(Inputs.hidden(work))));
        }

        private void encoder(Work work) {
            parameters(Inputs.parameters(work));
            Operand<TFloat32> x = input(Inputs.inputAndUpstream(work).get(0));
            Operand<TFloat32> upstream = input(Inputs.inputAndUpstream(work).get(1));
            Operand<TFloat32> y = sequences(block(rows(x, work), 0, work, null), work);
            outputs.add(y);
            List<Operand<?>> inputs = new ArrayList<>(List.of(x));
            inputs.addAll(parameters);
            // Le gradient de Σ y⊙upstream est celui qu'amène upstream à la sortie.
            var gradients = tf.gradients(tf.math.mul(y, upstream), inputs);
            for (int i = 0; i < inputs.size(); i++) {
                outputs.add(gradients.<TFloat32>dy(i));
            }
        }

        /** Une seule opération pour toute la séquence, portes dans l'ordre i, f, g, o ; le temps d'abord. */
        private void lstm(Work work) {
            List<Array> values = Inputs.parameters(work);
            int d = work.d();
            float[] both = Arrays.copyOf(values.get(0).values(), 2 * d * 4 * d);
            System.arraycopy(values.get(1).values(), 0, both, d * 4 * d, d * 4 * d);
            parameters(List.of(new Array(both, 2L * d, 4L * d), values.get(2)));
            Operand<TInt32> timeFirst = tf.constant(new int[] {1, 0, 2});
            Operand<TFloat32> x =
                    tf.linalg.transpose(input(Inputs.inputAndUpstream(work).get(0)), timeFirst);
            Operand<TFloat32> upstream =
                    tf.linalg.transpose(input(Inputs.inputAndUpstream(work).get(1)), timeFirst);
            Operand<TFloat32> state = tf.zeros(tf.constant(new int[] {work.batch(), d}), TFloat32.class);
            Operand<TFloat32> peephole = tf.zeros(tf.constant(new int[] {d}), TFloat32.class);
            Operand<TInt64> n = tf.constant((long) work.n());
            Operand<TFloat32> w = parameters.get(0);
            Operand<TFloat32> b = parameters.get(1);
            BlockLSTM<TFloat32> forward =
                    tf.nn.blockLSTM(n, x, state, state, w, peephole, peephole, peephole, b, BlockLSTM.cellClip(0f));
            Operand<TFloat32> noCellGradient = tf.zerosLike(forward.cs());
            BlockLSTMGrad<TFloat32> backward = tf.nn.blockLSTMGrad(
                    n,
                    x,
                    state,
                    state,
                    w,
                    peephole,
                    peephole,
                    peephole,
                    b,
                    forward.i(),
                    forward.cs(),
                    forward.f(),
                    forward.o(),
                    forward.ci(),
                    forward.co(),
                    forward.h(),
                    noCellGradient,
                    upstream,
                    false);
            outputs.add(tf.linalg.transpose(forward.h(), timeFirst));
            outputs.add(tf.linalg.transpose(backward.xGrad(), timeFirst));
            Operand<TInt32> half = tf.constant(new int[] {d, 4 * d});
            outputs.add(tf.slice(backward.wGrad(), tf.constant(new int[] {0, 0}), half));
            outputs.add(tf.slice(backward.wGrad(), tf.constant(new int[] {d, 0}), half));
            outputs.add(backward.bGrad());
        }

        private Result compute() {
            Session.Runner runner = runner();
            outputs.forEach(runner::fetch);
            return runner.run();
        }

        @Override
        public Object run() {
            try (Result result = compute()) {
                return result;
            }
        }

        @Override
        public List<float[]> results() {
            try (Result result = compute()) {
                List<float[]> all = new ArrayList<>();
                for (int i = 0; i < result.size(); i++) {
                    all.add(values(result.get(i)));
                }
                return all;
            }
        }
    }

    /** Le modèle de sentiment et son pas d'Adam. */
    private static final class Training extends Model implements Task {
        private final Work work;
        private final List<Map<Operand<?>, Tensor>> batches = new ArrayList<>();
        private final Operand<TInt32> ids;
        private final Operand<TFloat32> labels;
        private final Operand<TFloat32> dropout;
        private final Operand<TFloat32> beta1Power;
        private final Operand<TFloat32> beta2Power;
        private Operand<TBool> hidden; // [batch, 1, 1, n] ; null sans masque
        private Operand<TFloat32> seen; // [batch, n, 1]
        private final Operand<TFloat32> loss;
        private final List<Op> updates = new ArrayList<>();
        private int step;

        Training(Work work) {
            this.work = work;
            parameters(Inputs.parameters(work));
            ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, work.n())));
            labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
            dropout = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
            beta1Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
            beta2Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
            if (work.kind() == Work.Kind.EPOCH) {
                hidden = tf.placeholder(TBool.class, Placeholder.shape(Shape.of(-1, 1, 1, work.n())));
                seen = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, work.n(), 1)));
            }
            Operand<TInt32> words = tf.reshape(ids, tf.constant(new int[] {-1}));
            Operand<TFloat32> embedded = tf.gather(parameters.get(0), words, tf.constant(0)); // [batch·n, d]
            loss = loss(embedded);
            learn(words, embedded);
            Inputs.batches(work).forEach(batch -> batches.add(feeds(batch)));
            initialize();
        }

        private Operand<TFloat32> loss(Operand<TFloat32> embedded) {
            Operand<TFloat32> scaled = tf.math.mul(embedded, tf.constant((float) Math.sqrt(work.d())));
            Operand<TFloat32> placed = tf.math.add(
                    sequences(scaled, work),
                    tf.constant(Shape.of(work.n(), work.d()), DataBuffers.of(Positions.of(work.n(), work.d()))));
            Operand<TFloat32> y = sequences(block(rows(placed, work), 1, work, hidden), work);
            Operand<TInt32> overWords = tf.constant(1);
            Operand<TFloat32> pooled = seen == null
                    ? tf.math.mean(y, overWords)
                    : tf.math.div(tf.sum(tf.math.mul(y, seen), overWords), tf.sum(seen, overWords));
            Operand<TFloat32> drawn = tf.random.randomUniform(tf.shape(pooled), TFloat32.class);
            Operand<TFloat32> kept = tf.dtypes.cast(tf.math.greaterEqual(drawn, dropout), TFloat32.class);
            Operand<TFloat32> shown = tf.math.mul(pooled, tf.math.div(kept, tf.math.sub(tf.constant(1f), dropout)));
            Operand<TFloat32> z = tf.reshape(dense(shown, 17), tf.constant(new int[] {-1}));
            return tf.math.mean(tf.math.sub(tf.math.softplus(z), tf.math.mul(z, labels)), tf.constant(0));
        }

        private void learn(Operand<TInt32> words, Operand<TFloat32> embedded) {
            List<Operand<?>> inputs = new ArrayList<>(parameters);
            inputs.set(0, embedded);
            var gradients = tf.gradients(loss, inputs);
            for (int i = 0; i < inputs.size(); i++) {
                Operand<TFloat32> gradient = gradients.<TFloat32>dy(i);
                if (i == 0) { // les lignes lues s'additionnent dans la table entière
                    gradient = tf.math.unsortedSegmentSum(gradient, words, tf.constant(Work.WORDS));
                }
                Array zeros = zerosLike(Inputs.parameters(work).get(i));
                updates.add(tf.train.resourceApplyAdam(
                        variables.get(i),
                        variable("m" + i, zeros),
                        variable("v" + i, zeros),
                        beta1Power,
                        beta2Power,
                        tf.constant(1e-3f),
                        tf.constant(0.9f),
                        tf.constant(0.999f),
                        tf.constant(1e-7f),
                        gradient));
            }
        }

        private static Array zerosLike(Array array) {
            return new Array(new float[array.values().length], array.shape());
        }

        private Map<Operand<?>, Tensor> feeds(Batch batch) {
            Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
            int size = batch.ids().length;
            int[] flat = Arrays.stream(batch.ids()).flatMapToInt(Arrays::stream).toArray();
            float[] targets = new float[size];
            for (int i = 0; i < size; i++) {
                targets[i] = batch.labels()[i];
            }
            feeds.put(ids, TInt32.tensorOf(Shape.of(size, work.n()), DataBuffers.of(flat)));
            feeds.put(labels, TFloat32.tensorOf(Shape.of(size), DataBuffers.of(targets)));
            if (hidden != null) {
                boolean[] padding = Inputs.hidden(
                        Arrays.stream(batch.ids()).mapToInt(Inputs::length).toArray(), work.n());
                float[] visible = new float[padding.length];
                for (int i = 0; i < visible.length; i++) {
                    visible[i] = padding[i] ? 0 : 1;
                }
                feeds.put(hidden, TBool.tensorOf(Shape.of(size, 1, 1, work.n()), DataBuffers.of(padding)));
                feeds.put(seen, TFloat32.tensorOf(Shape.of(size, work.n(), 1), DataBuffers.of(visible)));
            }
            return feeds;
        }

        private float step(Map<Operand<?>, Tensor> batch, float rate) {
            step++;
            try (TFloat32 abandon = TFloat32.scalarOf(rate);
                    TFloat32 power1 = TFloat32.scalarOf((float) Math.pow(0.9, step));
                    TFloat32 power2 = TFloat32.scalarOf((float) Math.pow(0.999, step))) {
                Session.Runner runner = session.runner()
                        .feed(dropout, abandon)
                        .feed(beta1Power, power1)
                        .feed(beta2Power, power2)
                        .fetch(loss);
                batch.forEach(runner::feed);
                updates.forEach(runner::addTarget);
                try (Result result = runner.run()) {
                    return ((TFloat32) result.get(0)).getFloat();
                }
            }
        }

        @Override
        public Object run() {
            float last = 0;
            for (Map<Operand<?>, Tensor> batch : batches) {
                last = step(batch, 0.1f);
            }
            return last;
        }

        @Override
        public List<float[]> results() {
            float[] losses = new float[Work.CHECKED_STEPS];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = step(batches.get(0), 0);
            }
            return List.of(losses);
        }
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.shape().size()];
        FloatDataBuffer buffer = DataBuffers.of(values);
        ((TFloat32) tensor).copyTo(buffer);
        return Samples.of(values);
    }
}
