package fr.cours.attention.math;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * De la mémoire hors du tas, lue et écrite un vecteur à la fois. C'est la seule chose que les Java n'écrivent pas tous de
 * la même façon : {@link BufferMemory} jusqu'à 21, {@code SegmentMemory} depuis 22. Une seule des deux est chargée dans
 * une JVM, et C2 fond alors ses deux méthodes dans les boucles comme si l'autre n'existait pas.
 *
 * <p>On cherche laquelle marche, on ne lit pas le numéro de version.
 */
abstract class VectorMemory {
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Celle de ce Java ; {@code null} s'il n'y en a pas. */
    private static final VectorMemory FORM = probe();

    /** {@return vrai si ce Java lit des vecteurs hors du tas} */
    static boolean isAvailable() {
        return FORM != null;
    }

    /** {@return la mémoire d'un tampon direct} */
    static VectorMemory of(ByteBuffer bytes) {
        return FORM.on(bytes);
    }

    private static VectorMemory probe() {
        for (String form : new String[] {"SegmentMemory", "BufferMemory"}) {
            try {
                VectorMemory found = (VectorMemory) Class.forName(VectorMemory.class.getPackageName() + "." + form)
                        .getDeclaredConstructor()
                        .newInstance();
                ByteBuffer trial =
                        ByteBuffer.allocateDirect(Lanes.COUNT * Float.BYTES).order(ORDER);
                VectorMemory memory = found.on(trial);
                memory.store(0, memory.load(0).add(1));
                return trial.getFloat(0) == 1 ? found : null;
            } catch (ReflectiveOperationException | LinkageError otherJava) {
                // pas compilée par le JDK qui a construit, ou pas pour celui qui exécute
            }
        }
        return null;
    }

    /** La même forme, sur un tampon. */
    abstract VectorMemory on(ByteBuffer bytes);

    /** Les nombres à partir d'un octet. */
    abstract FloatVector load(int at);

    abstract void store(int at, FloatVector vector);

    /** Un seul nombre : ce qui reste d'une ligne après ses vecteurs. */
    abstract void put(int at, float value);
}
