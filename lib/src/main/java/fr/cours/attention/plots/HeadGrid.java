package fr.cours.attention.plots;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Les têtes d'une attention, côte à côte, sur une seule échelle de couleurs.
 *
 * <p>Même couleur, même poids d'une tête à l'autre : les têtes se comparent. Les mots sont écrits au bord de la grille,
 * un sur deux ou sur cinq quand ils se toucheraient. Chaque ligne de chaque tête se lit comme dans
 * {@link AttentionHeatmap}, lignes masquées comprises.
 *
 * <pre>{@code
 * HeadGrid.of(output.weights().slice(0), List.of("The", "cat", "sat")).title("Huit têtes").draw()
 * }</pre>
 */
public final class HeadGrid {
    private static final int WIDTH = 900;
    private static final int BAR = 60;
    private static final int GAP = 18;
    private static final int HEAD_TITLE = 22;
    private static final int LARGEST_CELL = 46;
    private static final int MOST_HEADS = 64;
    private static final int DESCRIBED_HEADS = 4;

    private final List<Heatmap> heads = new ArrayList<>();
    private List<String> names = new ArrayList<>();
    private String title = "";
    private String queryAxis = "Requêtes (qui regarde)";
    private String keyAxis = "Clés (ce qui est regardé)";

    private HeadGrid(INDArray weights, List<String> queries, List<String> keys) {
        double largest = 0;
        for (int h = 0; h < weights.size(0); h++) {
            double[][] head = Checks.matrix(weights.slice(h), "weights[" + h + "]");
            Heatmap map = Heatmap.of(head).rows(queries).columns(keys).decimals(2);
            map.masked = Checks.maskedRows(head, queries, keys, "weights[" + h + "]");
            heads.add(map);
            names.add("Tête " + (h + 1));
            largest = Math.max(largest, AttentionHeatmap.largest(head));
        }
        scale(largest);
    }

    /**
     * Auto-attention : les mêmes mots en lignes et en colonnes.
     *
     * @param weights les poids, {@code [têtes, n, n]} ou {@code [1, têtes, n, n]}, 64 têtes au plus
     * @param tokens les n mots
     * @return la grille
     * @throws IllegalArgumentException si la forme n'est pas celle-là, si le nombre de mots est autre que n, si un poids
     *     n'est pas fini ou est négatif, ou si une ligne ni ne somme à 1 ni n'est entièrement nulle
     */
    public static HeadGrid of(INDArray weights, List<String> tokens) {
        INDArray heads = heads(weights);
        if (heads.size(1) != heads.size(2)) {
            throw Checks.refused("weights : trouvé " + Checks.shape(weights)
                    + ", attendu des matrices carrées ; pour d'autres clés que les requêtes,"
                    + " donnez deux listes : of(weights, queryTokens, keyTokens)");
        }
        List<String> labels = Checks.labels(tokens, "tokens", (int) heads.size(1), "de requêtes dans weights");
        return new HeadGrid(heads, labels, labels);
    }

    /**
     * Attention croisée : les requêtes en lignes, d'autres clés en colonnes.
     *
     * @param weights les poids, {@code [têtes, n, m]} ou {@code [1, têtes, n, m]}, 64 têtes au plus
     * @param queryTokens les n mots qui regardent
     * @param keyTokens les m mots regardés
     * @return la grille
     * @throws IllegalArgumentException dans les mêmes cas que {@link #of(INDArray, List)}
     */
    public static HeadGrid of(INDArray weights, List<String> queryTokens, List<String> keyTokens) {
        INDArray heads = heads(weights);
        return new HeadGrid(
                heads,
                Checks.labels(queryTokens, "queryTokens", (int) heads.size(1), "de requêtes dans weights"),
                Checks.labels(keyTokens, "keyTokens", (int) heads.size(2), "de clés dans weights"));
    }

    private static INDArray heads(INDArray weights) {
        Checks.present(weights, "weights");
        boolean batch = !weights.isEmpty() && weights.rank() == 4;
        INDArray heads = batch && weights.size(0) == 1 ? weights.slice(0) : weights;
        if (heads.isEmpty() || heads.rank() != 3) {
            throw Checks.refused("weights : trouvé " + Checks.shape(weights)
                    + ", attendu [têtes, n, m] ou [1, têtes, n, m]"
                    + (batch ? " ; choisissez un exemple : weights.slice(0)" : ""));
        }
        if (heads.size(0) > MOST_HEADS) {
            throw Checks.refused("weights : trouvé " + heads.size(0) + " têtes, attendu au plus " + MOST_HEADS);
        }
        return heads;
    }

    /**
     * Nomme les têtes ; « Tête 1 », « Tête 2 »… sinon.
     *
     * @param names un nom par tête
     * @return cette grille
     * @throws IllegalArgumentException s'il n'y a pas autant de noms que de têtes
     */
    public HeadGrid heads(List<String> names) {
        this.names = Checks.labels(names, "heads", heads.size(), "de têtes");
        return this;
    }

    /**
     * Donne un titre ; les émojis en sont ôtés.
     *
     * @param title le titre
     * @return cette grille
     */
    public HeadGrid title(String title) {
        this.title = Checks.present(title, "title");
        return this;
    }

    /**
     * Renomme l'axe des requêtes.
     *
     * @param name le nom
     * @return cette grille
     */
    public HeadGrid queryAxis(String name) {
        queryAxis = Checks.present(name, "queryAxis");
        return this;
    }

    /**
     * Renomme l'axe des clés.
     *
     * @param name le nom
     * @return cette grille
     */
    public HeadGrid keyAxis(String name) {
        keyAxis = Checks.present(name, "keyAxis");
        return this;
    }

    /**
     * Choisit les couleurs ; {@link ColorMap#VIRIDIS} sinon.
     *
     * @param colors l'échelle
     * @return cette grille
     */
    public HeadGrid colors(ColorMap colors) {
        heads.forEach(head -> head.colors(colors));
        return this;
    }

    /**
     * Fixe le poids de la dernière couleur ; le plus grand de toutes les têtes sinon.
     *
     * @param max le poids de la dernière couleur, de 0 (exclu) à 1
     * @return cette grille
     * @throws IllegalArgumentException hors de ces bornes
     */
    public HeadGrid scale(double max) {
        Checks.scale(max);
        heads.forEach(head -> head.range(0, max));
        return this;
    }

    /** Où sont les cases d'une tête dans la figure, en pixels CSS. */
    Rectangle cells(int head) {
        Layout layout = new Layout();
        return new Rectangle(
                layout.x(head % layout.columns),
                layout.y(head / layout.columns),
                layout.panel.width,
                layout.panel.height);
    }

    /**
     * Dessine.
     *
     * @return la figure ; sa description dit, tête par tête jusqu'à quatre, ce que regarde chaque requête, et au-delà le
     *     poids le plus fort de chaque tête ; les lignes masquées sont nommées
     */
    public Figure draw() {
        Layout layout = new Layout();
        return layout.canvas.figure(layout.width, layout.height, describe(), layout::paint);
    }

    /** Où se trouve chaque chose ; les panneaux ont tous la même taille. */
    private final class Layout {
        final int columns = (int) Math.ceil(Math.sqrt(heads.size()));
        final int rows = (heads.size() + columns - 1) / columns;
        final Canvas canvas = new Canvas(title);
        final List<MatrixPanel> panels = new ArrayList<>();
        final MatrixPanel panel;
        final ColorBar bar;
        final int left;
        final int top = canvas.top() + HEAD_TITLE;
        final int width;
        final int height;

        Layout() {
            int frame = 2 * Canvas.MARGIN + Canvas.axisBand(queryAxis) + (columns - 1) * GAP + BAR;
            int room = (WIDTH - frame - panel(0, WIDTH / columns).left()) / columns;
            for (int h = 0; h < heads.size(); h++) {
                panels.add(panel(h, room));
            }
            panel = panels.get(0);
            left = Canvas.MARGIN + Canvas.axisBand(queryAxis) + panel.left();
            bar = new ColorBar(heads.get(0), y(rows - 1) + panel.height - top);
            width = Math.max(canvas.titleWidth(), x(columns - 1) + panel.width + bar.width() + Canvas.MARGIN);
            height = y(rows - 1) + panel.height + panel.bottom() + Canvas.axisBand(keyAxis) + Canvas.MARGIN;
        }

        private MatrixPanel panel(int head, int room) {
            return new MatrixPanel(heads.get(head), room, room * 4 / 5, LARGEST_CELL);
        }

        int x(int column) {
            return left + column * (panel.width + GAP);
        }

        int y(int row) {
            return top + row * (panel.height + HEAD_TITLE + GAP / 2);
        }

        void paint(Graphics2D g) {
            Font font = Canvas.font(Font.BOLD, 12);
            for (int h = 0; h < panels.size(); h++) {
                int x = x(h % columns);
                int y = y(h / columns);
                String name = Canvas.drawable(names.get(h));
                Canvas.write(g, name, font, Canvas.INK, x, y - HEAD_TITLE / 2.0, Canvas.LEFT);
                panels.get(h).paintCells(g, x, y);
                if (h % columns == 0) {
                    panels.get(h).paintRowLabels(g, x, y);
                }
                // Au-dessus d'une place vide aussi, sauf des noms penchés : ils passeraient sur la tête d'à côté.
                if (h / columns == rows - 1 || h + columns >= panels.size() && !panel.slanted()) {
                    panels.get(h).paintColumnLabels(g, x, y);
                }
            }
            bar.paint(g, x(columns - 1) + panel.width, top);
            double center = (x(0) + x(columns - 1) + panel.width) / 2.0;
            Canvas.axes(g, keyAxis, center, height, queryAxis, (top + y(rows - 1) + panel.height) / 2.0);
        }
    }

    private String describe() {
        Heatmap first = heads.get(0);
        StringBuilder text = new StringBuilder(French.sentence(title));
        text.append(heads.size())
                .append(heads.size() > 1 ? " cartes" : " carte")
                .append(" de chaleur ");
        text.append(first.values.length).append(" × ").append(first.values[0].length);
        text.append(", une par tête, requêtes en lignes, clés en colonnes, échelle commune de 0 à ");
        text.append(French.number(first.max(), 2));
        for (int h = 0; h < heads.size(); h++) {
            text.append(". ").append(names.get(h)).append(" : ");
            text.append(AttentionHeatmap.describe(heads.get(h), heads.size() <= DESCRIBED_HEADS ? 12 : 0));
        }
        return text.append(".").toString();
    }

    /** {@return ce qu'il reste à faire pour voir la figure} */
    @Override
    public String toString() {
        return "Grille de " + Checks.count(heads.size(), "tête") + ", à dessiner avec draw()";
    }
}
