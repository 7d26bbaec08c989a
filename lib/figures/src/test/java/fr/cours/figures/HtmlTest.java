package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void textKeepsItsQuotesAndLosesItsTags() {
        assertThat(Html.text("<b>l'été & \"Noël\"</b> &lt;"))
                .isEqualTo("&lt;b&gt;l'été &amp; \"Noël\"&lt;/b&gt; &amp;lt;");
    }

    @Test
    void anAttributeCannotBeLeft() {
        assertThat(Html.attribute("\" onclick='x' <&>")).isEqualTo("&quot; onclick=&#39;x&#39; &lt;&amp;&gt;");
    }
}
