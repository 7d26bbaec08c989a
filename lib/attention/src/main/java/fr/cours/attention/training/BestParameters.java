package fr.cours.attention.training;

import fr.cours.attention.layers.Parameter;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Une copie des paramètres de la meilleure époque, que la suivante n'efface pas. */
final class BestParameters implements AutoCloseable {
    private final List<Parameter> parameters;
    private List<INDArray> copies = List.of();

    BestParameters(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /** Retient les valeurs d'à présent, à la place de celles d'avant. */
    void keep() {
        if (copies.isEmpty()) {
            copies = parameters.stream()
                    .map(parameter -> parameter.value().dup())
                    .toList();
        } else {
            for (int i = 0; i < copies.size(); i++) {
                copies.get(i).assign(parameters.get(i).value());
            }
        }
    }

    /** Remet les valeurs retenues, s'il y en a. */
    void restore() {
        for (int i = 0; i < copies.size(); i++) {
            parameters.get(i).value().assign(copies.get(i));
        }
    }

    /** Rend la mémoire des copies. */
    @Override
    public void close() {
        copies.stream().filter(INDArray::closeable).forEach(INDArray::close);
        copies = List.of();
    }
}
