package fr.cours.attention.math;

/** Ce qu'un masque dit au softmax, ligne par ligne, pour qu'un masque causal ne coûte pas une matrice. */
@FunctionalInterface
public interface HiddenKeys {
    /**
     * Marque les clés cachées à une requête.
     *
     * @param batch rang de l'exemple dans le lot
     * @param query rang de la requête
     * @param hidden à remplir : vrai = clé cachée ; sans effet si la méthode rend faux
     * @param m nombre de clés à marquer, à partir de la première
     * @return faux si aucune de ces clés n'est cachée à cette requête
     */
    boolean fill(int batch, int query, boolean[] hidden, int m);

    /**
     * Jusqu'où une requête voit : ce qui suit n'a pas à être calculé.
     *
     * @param batch rang de l'exemple dans le lot
     * @param query rang de la requête
     * @param m nombre de clés
     * @return un nombre de clés ; celles d'après sont toutes cachées
     */
    default int reach(int batch, int query, int m) {
        return m;
    }
}
