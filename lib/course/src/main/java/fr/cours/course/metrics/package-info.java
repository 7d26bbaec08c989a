/**
 * De quoi noter ce qu'un modèle écrit, comme le fait le domaine.
 *
 * <p>Une perte, qui s'apprend, est dans {@code fr.cours.attention.training} ; une réponse de lecteur se juge dans {@code
 * exercises}.
 */
package fr.cours.course.metrics;
