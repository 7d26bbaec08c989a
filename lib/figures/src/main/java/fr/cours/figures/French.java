package fr.cours.figures;

import java.util.List;
import java.util.Locale;

/** Nombres et phrases à la française, quelle que soit la langue de la machine. */
final class French {
    private French() {}

    /** 0,70 ; −1,5 ; 12 345 ; un zéro exact s'écrit « 0 » : un poids caché se distingue d'un poids arrondi. */
    static String number(double value, int decimals) {
        // Un −0,001 arrondi ne s'écrit pas « −0,00 ».
        String text =
                String.format(Locale.FRANCE, "%,." + decimals + "f", value).replace('-', '−');
        return value == 0 ? "0" : text.replaceAll("^−(?=[0,]+$)", "");
    }

    /** Le nombre écrit avec trois chiffres significatifs, et des puissances de dix aux extrêmes : 0,0123 ; 1,5·10⁻⁶. */
    static String compact(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+∞" : "−∞";
        }
        int exponent = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
        boolean extreme = exponent < -4 || exponent >= 7;
        String text = number(extreme ? value / Math.pow(10, exponent) : value, extreme ? 2 : Math.max(0, 2 - exponent));
        text = text.contains(",") ? text.replaceAll(",?0+$", "") : text;
        for (char c : extreme ? ("^" + exponent).toCharArray() : new char[0]) {
            text += c == '^' ? "·10" : "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".charAt("-0123456789".indexOf(c));
        }
        return text;
    }

    /** Le nom d'une ligne ou d'une colonne ; quand il n'est pas seul de ce nom, son rang lève le doute. */
    static String quoted(List<String> labels, int index) {
        String label = labels.get(index);
        boolean unique = labels.indexOf(label) == labels.lastIndexOf(label);
        return "« " + (label.isBlank() ? "␣" : label) + " »" + (unique ? "" : " (n° " + (index + 1) + ")");
    }

    static String count(int n, String noun) {
        return n + " " + noun + (n > 1 ? "s" : "");
    }

    /** Le titre en tête de phrase, ponctué. */
    static String sentence(String title) {
        if (title.isEmpty()) {
            return "";
        }
        return title + (title.matches(".*[.?!…]") ? " " : ". ");
    }

    /** Pose les espaces insécables que demande la typographie : devant « : ; ! ? » et dans les guillemets. */
    static String typography(String prose) {
        return prose.replaceAll(" (?=[:;!?»])", "\u00a0").replaceAll("(?<=[«°]) ", "\u00a0");
    }
}
