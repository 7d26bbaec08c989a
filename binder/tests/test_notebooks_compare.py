"""Comparer un carnet à ce qui est gardé : ce qui s’accorde, ce qui se voit."""

import pytest
from course_tools.notebooks.compare import compare
from nbformat.v4 import new_notebook, new_output
from tiny_notebooks import code, figure, printed


def gaps(kept, obtained):
    return compare(new_notebook(cells=[kept]), new_notebook(cells=[obtained]))


@pytest.mark.parametrize(
    ("kept", "obtained"),
    [
        ("poids 0,7000", "poids 0,7004"),
        ("0.5 -1.5e-3", "0.5 -1.5004e-3"),
        ("  9,99 |", "9,99  |"),
        ("java.awt.image.BufferedImage@1b28cdfa", "java.awt.image.BufferedImage@6d06d69c"),
        ("[[F@1b28cdfa", "[[F@6d06d69c"),
        ("étape 1\rétape 2\rétape 3\n", "étape 3\n"),
    ],
)
def test_the_same_words_and_close_numbers_agree(kept, obtained):
    assert gaps(code("f()", printed(kept)), code("f()", printed(obtained))) == []


@pytest.mark.parametrize(
    ("kept", "obtained"),
    [
        ("poids 0,700", "poids 0,702"),
        ("poids 0,700", "poids -0,700"),
        ("1,0E-3", "1,0E-4"),
        ("le chat", "le chien"),
        ("2 lignes", "3 lignes"),
        ("[2, 5, 64]", "[2, 5, 65]"),
        ("1478401 paramètres", "1478402 paramètres"),
        ("0,5", "NaN"),
        ("0,5", "0,5 0,5"),
        ("x", ""),
    ],
)
def test_other_words_or_other_numbers_show(kept, obtained):
    assert gaps(code("f()", printed(kept)), code("f()", printed(obtained)))


def test_of_a_figure_the_description_and_the_size_are_compared():
    kept = code("f()", figure("Carte 2 × 2", image="AAAA"))
    assert gaps(kept, code("f()", figure("Carte 2 × 2", image="BBBB"))) == []
    assert gaps(kept, code("f()", figure("Carte 3 × 2")))
    other = code("f()", figure("Carte 2 × 2"))
    other.outputs[0].metadata["image/png"]["width"] = 800
    assert gaps(kept, other)


@pytest.mark.parametrize("tag", ["mesure", "entrainement"])
def test_a_measuring_cell_is_compared_by_kinds_only(tag):
    kept = code("f()", printed("12 ms"), figure("a"), tags=[tag])
    assert gaps(kept, code("f()", printed("99 s"), figure("b"))) == []
    assert gaps(kept, code("f()", printed("12 ms")))
    assert gaps(kept, code("f()", printed("12 ms"), figure("a"), figure("a")))


def test_how_streams_are_cut_does_not_count_their_place_does():
    kept = code("f()", printed("a\nb\n"), figure("x"))
    assert gaps(kept, code("f()", printed("a\n"), printed("b\n"), figure("x"))) == []
    assert gaps(kept, code("f()", printed("a\n"), figure("x"), printed("b\n")))


def test_execution_count_absence_and_kept_error_show():
    assert gaps(code("f()", number=2), code("f()", number=1))
    assert gaps(code("f()", number=None), code("f()", number=1))
    error = new_output("error", ename="E", evalue="", traceback=[])
    assert gaps(code("f()", error), code("f()", error))
