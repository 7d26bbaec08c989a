package fr.cours.attention.plots;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** Nombres et phrases à la française, quelle que soit la langue de la machine. */
final class French {
    private French() {}

    /** 0,70 ; −1,5 ; 12 345 ; un zéro exact s'écrit « 0 » : un poids caché se distingue d'un poids arrondi. */
    static String number(double value, int decimals) {
        if (value == 0) {
            return "0";
        }
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.FRANCE);
        symbols.setMinusSign('−');
        DecimalFormat format = new DecimalFormat("#,##0", symbols);
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        format.setRoundingMode(RoundingMode.HALF_UP);
        // Par l'écriture décimale : 0,125 s'arrondit à 0,13, et un −0,001 arrondi ne s'écrit pas « −0,00 ».
        BigDecimal exact = new BigDecimal(Double.toString(value));
        BigDecimal rounded = exact.setScale(decimals, RoundingMode.HALF_UP);
        return format.format(rounded.signum() == 0 ? BigDecimal.ZERO : exact);
    }

    /** Le nombre écrit avec trois chiffres significatifs, et des puissances de dix aux extrêmes : 0,0123 ; 1,5·10⁻⁶. */
    static String compact(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e7)) {
            int exponent = (int) Math.floor(Math.log10(size));
            return trimmed(value / Math.pow(10, exponent), 2) + "·10" + superscript(exponent);
        }
        return trimmed(value, size == 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(size))));
    }

    private static String trimmed(double value, int decimals) {
        String text = number(value, decimals);
        return text.contains(",") ? text.replaceAll(",?0+$", "") : text;
    }

    static String superscript(int exponent) {
        StringBuilder text = new StringBuilder();
        for (char c : Integer.toString(exponent).toCharArray()) {
            text.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
        }
        return text.toString();
    }

    /** Le nombre de décimales qui montre les différences sans encombrer : 0 pour des entiers, 2 pour des poids. */
    static int decimalsFor(double largest, boolean integers) {
        if (integers || largest >= 100) {
            return 0;
        }
        return largest >= 10 ? 1 : largest >= 0.1 ? 2 : largest >= 0.01 ? 3 : 4;
    }

    /** Le nom d'une ligne ou d'une colonne ; quand il n'est pas seul de ce nom, son rang lève le doute. */
    static String quoted(List<String> labels, int index) {
        String label = labels.get(index);
        boolean unique = labels.indexOf(label) == labels.lastIndexOf(label);
        return "« " + (label.isBlank() ? "␣" : label) + " »" + (unique ? "" : " (n° " + (index + 1) + ")");
    }

    /** Le titre en tête de phrase, ponctué. */
    static String sentence(String title) {
        return title.isEmpty() ? "" : title + (title.matches(".*[.?!…]") ? " " : ". ");
    }

    /** Pose les espaces insécables que demande la typographie : devant « : ; ! ? » et dans les guillemets. */
    static String typography(String prose) {
        return prose.replaceAll(" (?=[:;!?»])", "\u00a0").replaceAll("(?<=[«°]) ", "\u00a0");
    }
}
