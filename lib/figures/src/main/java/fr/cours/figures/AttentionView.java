package fr.cours.figures;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * L'attention d'une phrase sur elle-même, à explorer : les mots deux fois, face à face, et des traits de qui regarde à
 * qui est regardé (d'après BertViz, Vig, 2019). Pointer un mot, ou l'atteindre par la touche de tabulation, montre ses
 * poids ; des boutons choisissent la tête.
 *
 * <p>Du HTML, du SVG et du CSS, sans programme et sans réseau : la vue marche aussi dans une page exportée. Le fond est
 * toujours clair, pour que les couleurs gardent leur contraste quel que soit le thème. Là où le HTML est refusé, la
 * {@link HeadGrid} des mêmes poids la remplace.
 */
public final class AttentionView {
    private static final int MAX_TOKENS = 40;
    private static final List<String> COLORS = List.of(
            "#b2182b", "#2166ac", "#1b7837", "#762a83", "#9a4a05", "#01665e", "#8e0152",
            "#4d4d4d"); // sur blanc, ≥ 4,5:1
    private static final String STYLE = """
            <style>.av{background:#fff;color:#111;padding:8px;max-width:520px;font:14px sans-serif}
            .av svg{width:100%;height:auto}.av svg>text,.av .q text{font:14px sans-serif;fill:#111}.av label{margin-right:1em}
            .av path{stroke:currentColor;fill:none;opacity:.5;pointer-events:none}.av rect{fill:transparent}
            .av .q text{visibility:hidden}.av .q:hover text,.av .q:focus text{visibility:visible}
            .av .h:hover path,.av .h:focus-within path{opacity:.07}.av .q:hover path,.av .q:focus path{opacity:1}
            .av .q:hover rect,.av .q:focus rect{fill:currentColor;opacity:.2}.av .q:focus{outline:none}
            .av .q:focus rect{stroke:#111;stroke-width:2}.av summary{cursor:pointer}.av .u{stroke:#111;stroke-width:18;
            stroke-dasharray:1.2 4.8;opacity:.3;transform-box:fill-box;transform:skewX(-35deg)}
            .av .h{display:none}.av .h0{display:inline}.av:has(input:not(.r0):checked) .h0{display:none}
            """;

    private final HeadGrid grid;

    private AttentionView(HeadGrid grid) {
        this.grid = grid;
        if (grid.rows.size() > MAX_TOKENS || grid.matrices.size() > COLORS.size()) {
            throw Checks.refused("weights : trouvé " + grid.matrices.size() + " têtes et " + grid.rows.size()
                    + " mots, attendu au plus " + COLORS.size() + " têtes et " + MAX_TOKENS + " mots");
        }
    }

    /**
     * La vue d'une grille : ses mots, ses têtes et leurs noms, son titre, et ses mots inconnus, hachurés.
     *
     * @param grid les poids d'une phrase sur elle-même, 8 têtes et 40 mots au plus ; une ligne nulle est celle d'un mot
     *     qui ne regarde rien
     * @return la vue
     * @throws IllegalArgumentException s'il y a trop de mots ou de têtes
     */
    public static AttentionView of(HeadGrid grid) {
        return new AttentionView(grid);
    }

    /** {@return l'image qui remplace la vue là où le HTML n'est pas montré} */
    public Figure draw() {
        return grid.draw();
    }

    /** {@return la vue, à placer telle quelle dans une page} */
    public String html() {
        return html("");
    }

    /**
     * La vue, dans une page qui doit savoir quelque chose de ses boutons : par exemple que leurs touches sont à eux.
     *
     * @param buttonAttributes les attributs HTML à donner aux boutons, chacun précédé d'une espace ; recopiés tels quels
     * @return la vue, à placer telle quelle dans une page
     * @throws IllegalArgumentException si les attributs manquent (null)
     */
    public String html(String buttonAttributes) {
        Checks.present(buttonAttributes, "buttonAttributes", "des attributs HTML, ou un texte vide");
        int n = grid.rows.size();
        int heads = grid.matrices.size();
        int links = Math.max(1, Math.min(5, 700 / (n * heads))); // la page reste sous 150 ko
        StringBuilder radios = new StringBuilder();
        StringBuilder rules = new StringBuilder(STYLE);
        StringBuilder drawing = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            String word = escaped(grid.rows.get(i), 18);
            if (grid.isUnknown(i)) {
                int wide = Math.min(18, grid.rows.get(i).length()) * 8 + 4;
                drawing.append(
                        "<path class=u d=\"M%d %dH154M326 %2$dH%3$d\" />".formatted(154 - wide, y(i) - 5, 326 + wide));
            }
            drawing.append("<text x=150 y=%d text-anchor=end>%s</text>".formatted(y(i), word))
                    .append("<text x=330 y=%d>%s</text>".formatted(y(i), word));
        }
        for (int h = 0; h < heads; h++) {
            String name = escaped(grid.names().get(h), 60);
            radios.append("<label><input type=radio name=h class=r%d%s%s> %s</label>"
                    .formatted(h, h == 0 ? " checked" : "", buttonAttributes, name));
            rules.append(".av:has(.r%d:checked) .h%d{display:inline}".formatted(h, h));
            drawing.append("<g class=\"h h%d\" style=color:%s>".formatted(h, COLORS.get(h)));
            text.append("<li>").append(name).append(" : ");
            for (int i = 0; i < n; i++) {
                double[] row = grid.matrices.get(h)[i];
                List<Integer> strongest = IntStream.range(0, n)
                        .boxed()
                        .filter(j -> row[j] > 0)
                        .sorted((a, b) -> Double.compare(row[b], row[a]))
                        .limit(links)
                        .toList();
                if (!strongest.isEmpty()) {
                    drawing.append(query(i, row, strongest));
                    text.append(label(i, row, strongest.subList(0, 1))).append(" ; ");
                }
            }
            drawing.append("</g>");
            text.append("</li>");
        }
        return "%s</style><form class=av><b>%s</b><div>%s</div><svg viewBox=\"0 0 510 %d\" role=group aria-label=\"%s\">"
                        .formatted(
                                rules, escaped(grid.title, 200), radios, y(n), "Qui regarde (à gauche) qui (à droite)")
                + drawing + "</svg><small>Pointez un mot de gauche, ou passez d’un mot à l’autre avec Tab : ses "
                + French.count(links, "lien") + " les plus forts"
                + escaped(grid.describeUnknown(), 5000)
                + "</small><details><summary" + buttonAttributes + ">En texte</summary><ul>"
                + text
                + "</ul></details></form>";
    }

    private String query(int i, double[] row, List<Integer> strongest) {
        String links = "";
        for (int j : strongest) {
            links += "<path d=\"M156 %dL324 %d\" stroke-width=%s /><text x=505 y=%d text-anchor=end>%s</text>"
                    .formatted(y(i) - 5, y(j) - 5, Math.rint(5 + 50 * row[j]) / 10, y(j), French.number(row[j], 2));
        }
        return "<g class=q tabindex=0 role=img aria-label=\"%s\"><rect y=%d width=156 height=22 />%s</g>"
                .formatted(label(i, row, strongest), y(i) - 16, links);
    }

    /** « chats » → « que » 0,30, « la » 0,12. */
    private String label(int i, double[] row, List<Integer> keys) {
        return keys.stream()
                .map(j -> quoted(j) + " " + French.number(row[j], 2))
                .collect(Collectors.joining(", ", quoted(i) + " → ", ""));
    }

    private String quoted(int i) {
        return "« " + escaped(grid.rows.get(i), 18) + " »";
    }

    private static int y(int row) {
        return 20 + 22 * row;
    }

    private static String escaped(String text, int longest) {
        String cut = text.codePointCount(0, text.length()) <= longest
                ? text
                : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
        return Html.attribute(cut);
    }
}
