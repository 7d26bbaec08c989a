/** Les données du cours, en tables ou en phrases : avis lus ou téléchargés, phrases à accorder, suites de symboles. */
package fr.cours.course.data;
