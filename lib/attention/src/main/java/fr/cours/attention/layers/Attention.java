package fr.cours.attention.layers;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Ce que toutes les attentions savent faire : mélanger des valeurs selon ce que les requêtes trouvent dans les clés.
 * L'attention à plusieurs têtes prend celle qu'on lui donne.
 */
public interface Attention extends Layer {
    /**
     * Mélange les valeurs, et note sur le fil comment revenir.
     *
     * @param tape le fil de la passe avant
     * @param queries {@code [batch, n, d_k]} ou {@code [batch, heads, n, d_k]}
     * @param keys {@code [batch, m, d_k]} ou {@code [batch, heads, m, d_k]}
     * @param values {@code [batch, m, d_v]} ou {@code [batch, heads, m, d_v]}
     * @param mask les clés cachées ; {@link AttentionMask#none()} pour aucune
     * @return sortie, et poids si cette attention les forme
     * @throws IllegalArgumentException si un argument ne convient pas ; le message le nomme
     */
    AttentionOutput forward(Tape tape, INDArray queries, INDArray keys, INDArray values, AttentionMask mask);
}
