"""Ce qu’une cellule déclare : ce qui attend la suite, ce qui est trop long, ce qu’une nouvelle version vide."""

import pytest
from kernel_driver import failure


def test_declarations_wait_for_the_rest_of_the_cell(kernel):
    assert kernel.result("class Avant { Apres a; }\nclass Apres {}\nnew Avant().a == null") == "true"
    code = """
    sealed interface Forme permits Carre, Disque {}
    record Carre(double c) implements Forme {}
    record Disque(Rayon r) implements Forme {}
    record Rayon(double r) {}
    new Disque(new Rayon(1))
    """
    assert kernel.result(code) == "Disque[r=Rayon[r=1.0]]"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("record Positif(int x) { Positif { if (x < 0) x = 0; } }\nnew Positif(-3)", "Positif[x=0]"),
        ("record Long(int x) {\n  Long(int x) { this.x = x; }\n}\nnew Long(3)", "Long[x=3]"),
        ("sealed interface Cas {}\nrecord Un(int x) implements Cas {}\nnew Un(1)", "Un[x=1]"),
    ],
)
def test_what_a_file_accepts_a_cell_accepts(kernel, code, shown):
    assert kernel.result(code) == shown


def test_what_is_still_missing_at_the_end_is_refused(kernel):
    _, text = failure(kernel, "int avant = 1;\nclass Orphelin { Introuvable i; }\nint apres = 2;")
    assert "ligne 2 : il manque class Introuvable" in text
    assert kernel.result("avant + apres") == "3"


def test_a_name_missing_from_a_method_is_told_at_once_and_when_it_is_called(kernel):
    answer = "boolean longue(int j) { return j >= longeur; }"
    assert "« longue » ne s'exécutera pas encore : il manque variable longeur" in kernel.printed(answer)
    assert "il manque variable longeur" in failure(kernel, "longue(1)")[1]
    check = """
    import fr.cours.course.exercises.*;
    try { longue(1); } catch (Throwable e) { System.out.println(FailureSentence.of(e)); }
    """
    assert kernel.printed(check).strip() == "il manque variable longeur"
    assert kernel.printed("int longeur = 1;\nlongue(2);") == ""


def test_variables_emptied_by_a_new_version_are_told(kernel):
    kernel.run("class Boite { int x() { return 1; } }\nBoite boite = new Boite();")
    changed = "class Boite { int x() { return 2; } }"
    assert "vidé « boite »" in kernel.printed(changed)
    assert kernel.printed(changed + "\nBoite boite = new Boite();") == ""
    assert kernel.printed("int nouvelle() { return boite.x(); }") == ""


@pytest.mark.parametrize(
    "code",
    [
        f'String t = "{"x" * 70_000}";',
        f'String t = "{"x" * 40_000}" + // suite\n  "{"x" * 40_000}";',
        f'String m() {{ return """\n{"é" * 35_000}"""; }}',
        f"int[] t = {{{', '.join(map(str, range(20_000)))}}};",
    ],
    ids=["chaîne", "somme", "bloc", "tableau"],
)
def test_code_too_long_for_java_costs_nothing_else(kernel, code):
    kernel.run("int gardee = 41;")
    _, text = failure(kernel, code)
    assert "dans un fichier" in text
    assert len(text) < 600
    assert kernel.result("gardee + 1") == "42"


def test_long_texts_that_java_accepts_pass(kernel):
    code = f'String a = "{"x" * 40_000}"; String b = "{"x" * 40_000}"; // "\n(a + b).length()'
    assert kernel.result(code) == "80000"
