package fr.cours.attention.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            })
    void frenchSentences(String text, String expected) {
        assertThat(String.join(" ", Tokenizer.tokens(text))).isEqualTo(expected);
    }

    @Test
    void accentsWrittenInTwoCharactersAreTheSameWord() {
        assertThat(Tokenizer.tokens("e\u0301te\u0301")).isEqualTo(Tokenizer.tokens("été"));
    }

    @Test
    void extremes() {
        assertThat(Tokenizer.tokens("")).isEmpty();
        assertThat(Tokenizer.tokens(" \t\n\u00a0")).isEmpty();
        assertThat(Tokenizer.tokens("?!")).containsExactly("?", "!");
        assertThat(Tokenizer.tokens("a".repeat(200_000))).hasSize(1);
        assertThat(Tokenizer.tokens("mot ".repeat(50_000))).hasSize(50_000);
        assertThatThrownBy(() -> Tokenizer.tokens(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("text : valeur absente (null)");
    }
}
