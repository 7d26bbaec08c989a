package fr.cours.attention.math;

/** Ce qu'un masque dit au softmax, ligne par ligne, pour qu'un masque causal ne coûte pas une matrice. */
@FunctionalInterface
public interface HiddenKeys {
    /**
     * Marque les clés cachées à une requête.
     *
     * @param batch rang de l'exemple dans le lot
     * @param query rang de la requête
     * @param hidden à remplir en entier : vrai = clé cachée ; sans effet si la méthode rend faux
     * @return faux si aucune clé n'est cachée à cette requête
     */
    boolean fill(int batch, int query, boolean[] hidden);
}
