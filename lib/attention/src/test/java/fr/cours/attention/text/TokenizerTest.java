package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "L'acteur est bon.|l' acteur est bon .",
                "L’ACTEUR|l' acteur",
                "aujourd’hui|aujourd'hui",
                "quelqu'un qu'elle aime|quelqu'un qu' elle aime",
                "jusqu'à lorsqu'il|jusqu' à lorsqu' il",
                "Peut-être un chef-d'œuvre|peut-être un chef-d'œuvre",
                "dit-il|dit -il",
                "va-t-on|va -t-on",
                "3,5 étoiles, 10/10 en 2024 !|3,5 étoiles , 10/10 en 2024 !",
                "non... jamais…|non … jamais …",
                "bien 🌶️👍🏽 !|bien 🌶️ 👍🏽 !",
                "déjà coupé : l' acteur|déjà coupé : l' acteur",
                "Éléphant à Noël|éléphant à noël",
                "C'est puisqu'on l'a dit, quoiqu’il en ait|c' est puisqu' on l' a dit , quoiqu' il en ait",
                "la presqu'île d'un prud'homme|la presqu'île d' un prud'homme",
                "d'aujourd'hui|d' aujourd'hui",
                "n'est-ce pas ? y a-t-il|n' est -ce pas ? y a -t-il",
                "dites-le-moi, allez-y|dites -le -moi , allez -y",
                "un rendez-vous, un arc-en-ciel, celui-là|un rendez-vous , un arc-en-ciel , celui-là",
                "un cessez-le-feu, c'est-à-dire|un cessez-le-feu , c'est-à-dire",
                "-le son|- le son",
                "1.234,5 3, 20h30 50% le 12/03|1.234,5 3 , 20h30 50 % le 12/03",
                "vu ❤️👨‍👩‍👧🇫🇷1️⃣|vu ❤️ 👨‍👩‍👧 🇫🇷 1️⃣",
                "« l'\u00a0art\u202f»!!|« l' art » ! !",
                "un ﬁlm eﬃcace, la ﬂûte, un cœur, ŒUVRE|un film efficace , la flûte , un cœur , œuvre",
                "peut‑être, chef‐d’œuvre, dit‑il|peut-être , chef-d'œuvre , dit -il",
                "l´acteur l‘acteur lʼacteur l′acteur l`acteur l＇acteur|l' acteur l' acteur l' acteur l' acteur l' acteur l' acteur",
                "va -t-on, dites -le -moi, n' est -ce pas|va -t-on , dites -le -moi , n' est -ce pas",
                "20 -le son|20 -le son",
                "bien : -le son|bien : - le son",
                "'cité' l'|' cité ' l'",
            })
    void frenchSentences(String text, String expected) {
        assertThat(String.join(" ", Tokenizer.tokens(text))).isEqualTo(expected);
    }

    /** La promesse de la classe : « un texte déjà coupé par des espaces donne les mêmes mots ». */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Dit-il qu’il a vu l’acteur, va-t-on y aller ?",
                "Dites-le-moi, allez-y, donne-m'en, n'est-ce pas ?",
                "C'est-à-dire 3,5 € aujourd'hui… celui-là ‘peut‑être’ ?!"
            })
    void cutAgainAtItsSpacesATextGivesTheSameWords(String text) {
        assertThat(Tokenizer.tokens(String.join(" ", Tokenizer.tokens(text)))).isEqualTo(Tokenizer.tokens(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00AD", "\u200B", "\u200C", "\u200E", "\u202C", "\u2060", "\u2066", "\uFEFF"})
    void anInvisibleCharacterChangesNoWord(String invisible) {
        assertThat(Tokenizer.tokens("e" + invisible + "\u0301te" + invisible + "\u0301"))
                .isEqualTo(Tokenizer.tokens("été"));
        assertThat(Tokenizer.tokens("dit-" + invisible + "il")).containsExactly("dit", "-il");
    }

    @Test
    void accentsWrittenInTwoCharactersAreTheSameWord() {
        assertThat(Tokenizer.tokens("e\u0301te\u0301")).isEqualTo(Tokenizer.tokens("été"));
    }

    /** Ni débordement de pile, ni temps qui croît comme le carré de la longueur. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a-", "a'", "l'", "qu'", "1,", "1/", "-il", "-t-", "rendez-", "a\u0301", "👍\u200D", ".", "«"})
    @Timeout(10)
    void endlessRepetitions(String part) {
        assertThat(Tokenizer.tokens(part.repeat(100_000))).isNotEmpty();
    }

    @Test
    void extremes() {
        assertThat(Tokenizer.tokens("")).isEmpty();
        assertThat(Tokenizer.tokens(" \t\n\u00a0")).isEmpty();
        assertThat(Tokenizer.tokens("?!")).containsExactly("?", "!");
        assertThat(Tokenizer.tokens("\uFE0F\u200D\u0301\u0007")).isEmpty();
        assertThat(Tokenizer.tokens("extra\u00ADordi\u200Bnaire")).containsExactly("extraordinaire");
        assertThat(Tokenizer.tokens("\uD83D")).hasSize(1); // la moitié d'un émoji
        assertThat(Tokenizer.tokens("a".repeat(200_000))).hasSize(1);
        assertThat(Tokenizer.tokens("mot ".repeat(50_000))).hasSize(50_000);
        assertThatThrownBy(() -> Tokenizer.tokens(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("text : valeur absente (null)");
    }
}
