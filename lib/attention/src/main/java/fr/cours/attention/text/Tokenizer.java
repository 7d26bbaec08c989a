package fr.cours.attention.text;

import fr.cours.attention.math.Arguments;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Un texte français coupé en mots et en signes.
 *
 * <ul>
 *   <li>Tout passe en minuscules et en Unicode NFC ; les accents et « œ » restent, les ligatures d'imprimerie (« ﬁ »)
 *       s'ouvrent ; l'apostrophe s'écrit « ' », le trait d'union « - », les points de suspension « … ».
 *   <li>L'élision se sépare : « l'acteur » donne « l' » et « acteur » ; « aujourd'hui » et « quelqu'un » restent entiers.
 *   <li>Le trait d'union ne coupe pas (« chef-d'œuvre », « peut-être »), sauf devant un pronom : « dit-il » donne « dit »
 *       et « -il », « va-t-on » donne « va » et « -t-on ».
 *   <li>Un nombre (« 3,5 », « 10/10 »), un émoji avec tout ce qui le compose et chaque signe de ponctuation font un mot.
 * </ul>
 *
 * <p>Un texte déjà coupé par des espaces (« l' acteur est bon . ») donne les mêmes mots.
 */
public final class Tokenizer {
    private static final String LETTER = "[\\p{L}\\p{M}\\p{N}]";
    private static final String SPACE = "[\\p{Z}\\s]";
    private static final String ELISION = "(?:[cçdjlmnst]|(?:jus|lors|puis|quoi)?qu)'";
    private static final String WHOLE = "(?:rendez-vous|garde-à-vous|c'est-à-dire)(?!" + LETTER + ")";
    private static final String NUMBER = "\\d+(?:[.,/]\\d+)++";
    private static final String PRONOUN =
            "-(?:t-)?(?:je|tu|ils?|elles?|on|ce|nous|vous|moi|toi|lui|leur|les?|la|y|en)(?!" + LETTER + ")";
    private static final String PRONOUNS_TO_THE_END = "(?=(?:" + PRONOUN + "){1,3}+(?![-']" + LETTER + "))";
    // Possessif (++, *+) : un mot de cent mille lettres ne fait pas déborder la pile.
    private static final String WORD =
            "[\\p{L}\\p{N}]" + LETTER + "*+(?:(?!" + PRONOUNS_TO_THE_END + ")[-']" + LETTER + "++)*+";
    // \X est un caractère tel qu'on le voit : une lettre et ses accents, un drapeau, un émoji et ses liants.
    private static final String KEYCAP = "[0-9#*]\\x{FE0F}?\\x{20E3}";
    private static final String SIGN = "(?![\\p{Z}\\p{Cc}\\p{Cf}\\p{M}])\\X";

    private static final Pattern TOKEN = Pattern.compile(String.join(
            "|",
            KEYCAP,
            WHOLE,
            ELISION,
            NUMBER,
            "(?<=" + LETTER + SPACE + "?)" + PRONOUNS_TO_THE_END + PRONOUN,
            WORD,
            SIGN));
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\u00AD\\u061C\\u180E\\u200B\\u200C\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF]");
    private static final Pattern LIGATURE = Pattern.compile("[\\uFB00-\\uFB06]");

    private Tokenizer() {}

    /**
     * Coupe un texte.
     *
     * @param text le texte, d'une longueur quelconque
     * @return ses mots et ses signes, dans l'ordre ; vide si le texte ne contient que des blancs
     * @throws IllegalArgumentException si le texte est absent
     */
    public static List<String> tokens(String text) {
        Arguments.checkPresent("text", text, "un texte, même vide");
        return TOKEN.matcher(normalize(text)).results().map(MatchResult::group).toList();
    }

    private static String normalize(String text) {
        // Un caractère invisible entre une lettre et son accent les empêcherait de se joindre.
        String visible = INVISIBLE.matcher(text).replaceAll("");
        String open = LIGATURE.matcher(visible)
                .replaceAll(found -> Normalizer.normalize(found.group(), Normalizer.Form.NFKC));
        String lower = Normalizer.normalize(open.toLowerCase(Locale.FRENCH), Normalizer.Form.NFC);
        return lower.replaceAll("[’‘ʼ‛´`′＇]", "'")
                .replaceAll("[\u2010\u2011]", "-")
                .replaceAll("\\.{2,}", "…");
    }
}
