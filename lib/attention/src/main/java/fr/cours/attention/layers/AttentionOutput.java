package fr.cours.attention.layers;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Ce qu'une attention rend.
 *
 * @param output les valeurs mélangées, {@code [batch, n, d_v]} ou {@code [batch, heads, n, d_v]}
 * @param weights qui regarde qui, {@code [batch, n, m]} ou {@code [batch, heads, n, m]} ; chaque ligne somme à 1, ou vaut
 *     0 partout si toutes ses clés sont cachées ; {@code null} pour une attention qui ne forme pas cette matrice
 */
public record AttentionOutput(INDArray output, INDArray weights) {}
