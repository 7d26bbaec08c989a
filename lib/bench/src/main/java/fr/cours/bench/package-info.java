/**
 * Le banc de mesures : les couches du cours, TensorFlow et PyTorch font les mêmes travaux sur les mêmes nombres, chacun dans
 * sa JVM, et ne sont comparés que si leurs résultats sont les mêmes. Ici va ce qui mesure et ce qui en rend compte ; rien
 * dont le cours ait besoin, car il ne connaît pas ce module.
 */
package fr.cours.bench;
