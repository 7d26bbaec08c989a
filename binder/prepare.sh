# shellcheck shell=bash
# Ce que les commandes du cours ont en commun ; elles le lisent par « source », il ne se lance pas seul.
# Bash 3.2 suffit : c’est celui de macOS.
#
#   .venv/                       l’environnement Python, le noyau et les réglages de Jupyter
#   lib/*/target/                les modules et leurs tests ; lib/kernel/target/jars/ : le chemin de classes du noyau
#   target/journaux/             ce qu’ont dit pip, Maven et les autres
#
# Chaque étape laisse une empreinte de ce dont elle dépend, écrite en dernier : une étape interrompue
# recommence, une étape dont rien n’a changé ne coûte rien.

unset CDPATH
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 1
# Rien ne doit venir du dossier d’où la commande est appelée.
cd -- "$root" || exit 1

logs=$root/target/journaux

# use_environment DOSSIER PYTHON : où vivent le noyau, les réglages de Jupyter et les empreintes.
use_environment() {
  venv=$1
  python=$2
  stamps=$venv/stamps
  # Les réglages, les extensions et les noyaux personnels du lecteur n’entrent pas dans le cours, et le cours
  # ne touche pas aux siens : une adresse ouverte ou un jeton coupé dans ses réglages vaudrait aussi ici.
  export JUPYTER_CONFIG_DIR=$venv/jupyter/config
  export JUPYTER_DATA_DIR=$venv/jupyter/data
  export JUPYTER_RUNTIME_DIR=$venv/jupyter/runtime
  export IPYTHONDIR=$venv/jupyter/ipython
}
use_environment "$root/.venv" "$root/.venv/bin/python"
export JUPYTER_PLATFORM_DIRS=0 JUPYTER_PREFER_ENV_PATH=1
export PYTHONNOUSERSITE=1 PIP_USER=0
unset PYTHONPATH PYTHONHOME PYTHONIOENCODING JUPYTER_PATH JUPYTER_CONFIG_PATH

# Python, Java et Maven lisent les chemins et écrivent dans l’encodage de la locale : hors d’UTF-8, un dossier accentué
# les arrête.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
  case $(uname -s) in
    Darwin) export LC_ALL=en_US.UTF-8 ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
fi

fail() {
  printf '\n✘ %s\n' "$*" >&2
  exit 1
}

# --- Une étape : une ligne, ses secondes, son journal ------------------------------------------------------

running=

# Une étape a son propre groupe de processus : l’arrêter arrête aussi ce qu’elle a lancé.
stop_step() {
  if [ -n "$running" ]; then kill -TERM -- "-$running" 2>/dev/null; fi
  running=
}
trap 'stop_step; printf "\n✘ Interrompu ; relancez la même commande, elle reprendra.\n" >&2; exit 130' INT
trap 'stop_step; exit 143' TERM HUP

# step LIBELLÉ JOURNAL COMMANDE… : lance la commande, rend son code ; en cas d’échec montre la fin du journal.
step() {
  local label=$1 log=$logs/$2.log start=$SECONDS code=0
  shift 2
  mkdir -p "$logs" || return 1
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  running=$!
  set +m
  if [ -t 1 ]; then
    while kill -0 "$running" 2>/dev/null; do
      printf '\r  … %s (%d s)' "$label" $((SECONDS - start))
      sleep 0.2
    done
    printf '\r\033[K'
  else
    printf '  … %s\n' "$label"
  fi
  wait "$running" || code=$?
  running=
  if [ "$code" -eq 0 ]; then
    printf '  ✔ %s (%d s)\n' "$label" $((SECONDS - start))
  else
    printf '  ✘ %s (%d s) ; fin de %s :\n' "$label" $((SECONDS - start)) "${log#"$root/"}"
    tail -n 40 "$log" | sed 's/^/    /'
  fi
  return "$code"
}

# L’empreinte de mots et de fichiers (noms et contenus) : fingerprint MOT… -- CHEMIN…
# (ce que Python compile à côté de ses sources n’en est pas)
fingerprint() {
  local words=
  while [ "$1" != -- ]; do
    words="$words$1
"
    shift
  done
  shift
  { printf '%s' "$words" && find "$@" -name __pycache__ -prune -o -type f -exec cksum {} + | LC_ALL=C sort; } | cksum
}

is_current() { # is_current FICHIER EMPREINTE
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# --- Ce que la machine doit avoir --------------------------------------------------------------------------

missing=  # une phrase par ligne
packages= # ce qu’apt installerait
debian_root() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; }

need() { # need PHRASE PAQUET…
  missing="$missing  • $1
"
  shift
  packages="$packages $*"
}

newest_java=25 # le plus récent que le cours ait essayé
java_version= # celui que find_java a pris : 17, 25…
java_line=    # ce qu’on en dit

elsewhere='Windows : tout se fait dans WSL2 (wsl --install), comme sous Ubuntu'

find_java() {
  local how="Debian/Ubuntu : sudo apt install openjdk-17-jdk-headless ; macOS : brew install openjdk@17 ; $elsewhere."
  local home="${JAVA_HOME:-}" properties version folder
  java_version='' java_line=''
  if [ -n "$home" ]; then
    if ! [ -x "$home/bin/javac" ]; then
      need "JAVA_HOME désigne « $home », où il n’y a pas de JDK : corrigez-le ou retirez-le (unset JAVA_HOME)."
      return
    fi
  elif [ "$(uname -s)" = Darwin ]; then
    # macOS a un /usr/bin/javac même sans JDK, et celui de Homebrew n’est pas dans le PATH.
    for folder in "$(/usr/libexec/java_home -v 17+ 2>/dev/null)" \
      /opt/homebrew/opt/openjdk@17/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk@17/libexec/openjdk.jdk/Contents/Home \
      /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home; do
      if [ -x "$folder/bin/javac" ]; then
        home=$folder
        break
      fi
    done
  fi
  if [ -z "$home" ] && ! command -v javac >/dev/null 2>&1; then
    need "Il manque un JDK 17 ou plus récent (un JRE ne suffit pas). $how" JDK
    return
  fi
  properties=$("${home:+$home/bin/}javac" -J-XshowSettings:properties -version 2>&1)
  version=$(printf '%s\n' "$properties" | sed -n 's/^ *java\.specification\.version = //p')
  case $version in
    '' | 1.* | [2-9] | 1[0-6])
      need "Java ${version:-de version inconnue} est trop ancien : il faut un JDK 17 ou plus récent${JAVA_HOME:+ (JAVA_HOME désigne « $JAVA_HOME »)}. $how" JDK
      return
      ;;
  esac
  JAVA_HOME=$(printf '%s\n' "$properties" | sed -n 's/^ *java\.home = //p')
  export JAVA_HOME
  java_version=$version
  java_line="Java $(printf '%s\n' "$properties" | sed -n 's/^ *java\.version = //p') ($JAVA_HOME)"
  if [ "$version" -gt "$newest_java" ]; then
    java_line="⚠ $java_line : le cours n’a été essayé que jusqu’à Java $newest_java ; s’il échoue, donnez-lui un JDK 17 à $newest_java par JAVA_HOME."
  fi
  if ! [ -x "$JAVA_HOME/bin/jshell" ]; then
    need "Le JDK de « $JAVA_HOME » n’a pas JShell (module jdk.jshell), dont le noyau a besoin. $how" JDK
  fi
}

# ND4J et le noyau dessinent sans écran : il faut fontconfig et une police, et HarfBuzz au Java de Debian.
find_fonts() {
  [ "$(uname -s)" = Linux ] || return 0
  if [ -z "$(fc-list 2>/dev/null | head -n 1)" ]; then
    need "Il manque une police, sans laquelle aucune figure ne se dessine. Debian/Ubuntu : sudo apt install fontconfig fonts-dejavu-core libharfbuzz0b." \
      fontconfig fonts-dejavu-core libharfbuzz0b
  elif debian_root && ! ldconfig -p | grep -q 'libharfbuzz\.so\.0'; then
    need "Il manque HarfBuzz, qui compose le texte des figures. Debian/Ubuntu : sudo apt install libharfbuzz0b." libharfbuzz0b
  fi
}

find_maven() {
  local version how="Debian/Ubuntu : sudo apt install maven ; macOS : brew install maven ; $elsewhere."
  if ! command -v mvn >/dev/null 2>&1; then
    need "Il manque Maven 3.6.3 ou plus récent. $how" maven
    return
  fi
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  case $version in
    3.[0-5].* | 3.6.[0-2] | 2.*) need "Maven $version est trop ancien : il faut 3.6.3 ou plus récent. $how" maven ;;
  esac
}

base_python=

find_python() {
  local name seen='' how="Debian/Ubuntu : sudo apt install python3 python3-venv ; macOS : brew install python ; $elsewhere."
  for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    command -v "$name" >/dev/null 2>&1 || continue
    "$name" -I -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { seen=${seen:-$name}; continue; }
    if ! "$name" -I -c 'import venv, ensurepip' 2>/dev/null; then
      need "Python est là ($name), mais sans le module venv. Debian/Ubuntu : sudo apt install python3-venv." python3-venv
      return
    fi
    base_python=$(command -v "$name")
    return
  done
  if [ -n "$seen" ]; then
    need "$("$seen" -I --version 2>&1) est trop ancien : il faut Python 3.10 ou plus récent. $how" python3 python3-venv
  else
    need "Il manque Python 3.10 ou plus récent. $how" python3 python3-venv
  fi
}

find_needs() {
  missing='' packages=''
  find_java
  find_fonts
  if ! library_is_current; then find_maven; fi
  if ! python_is_current; then find_python; fi
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update || return 1
  # Le JDK 17 a le chemin rapide du cours, comme ceux d’après 21 ; les Debian qui ne l’ont plus ont plus récent.
  local jdk=default-jdk-headless
  if apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then jdk=openjdk-17-jdk-headless; fi
  # shellcheck disable=SC2086 # une liste de noms, à séparer
  apt-get install -y --no-install-recommends ${packages//JDK/$jdk}
}

require_machine() {
  [ -w "$root" ] || fail "Le dossier « $root » est en lecture seule : clonez le cours là où vous pouvez écrire."
  find_needs
  if [ -n "${packages// /}" ] && debian_root; then
    step "Paquets du système (apt-get install$packages)" paquets install_packages
    hash -r
    find_needs
  fi
  [ -z "$missing" ] || fail "Pour ouvrir le cours :
$missing"
  printf '  %s\n' "$java_line"
}

# --- L’environnement Python --------------------------------------------------------------------------------

python_fingerprint() { fingerprint "$root" -- binder/requirements.txt; }

python_is_current() {
  is_current "$stamps/python" "$(python_fingerprint)" && "$python" -I -c '' 2>/dev/null
}

# Un index injoignable fait attendre chaque paquet plusieurs minutes : on lui demande une fois s’il répond.
# (Un index local ou un cache peut suffire : on essaie quand même, sans insister.)
tune_pip() {
  [ -n "${PIP_RETRIES:-}" ] && return
  "$python" -I - <<'FIN' || export PIP_RETRIES=0 PIP_DEFAULT_TIMEOUT=15
import subprocess, sys, urllib.error, urllib.request
index = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"],
                       capture_output=True, text=True).stdout.strip() or "https://pypi.org/simple/"
try:
    urllib.request.urlopen(index, timeout=8).close()
except urllib.error.HTTPError:
    pass  # il répond
except Exception as error:
    sys.exit(0 if "SSL" in repr(error) else f"L’index {index} ne répond pas : {error}")
FIN
}

install_python() {
  rm -f "$stamps/python"
  # --clear : un environnement à moitié fait, ou fait pour un autre dossier, ne se répare pas.
  "$base_python" -I -m venv --clear "$venv" || return 1
  tune_pip
  "$python" -I -m pip install --disable-pip-version-check --progress-bar off -r binder/requirements.txt || return 1
  write_jupyterlab_settings
}

# Les réglages d’origine de JupyterLab, dans .venv : pas de nouvelles à l’ouverture, et le français s’il est là.
write_jupyterlab_settings() {
  local folder=$venv/share/jupyter/lab/settings language=
  local french
  french=$(sed -n 's/^# facultatif : //p' binder/requirements.txt)
  if "$python" -I -m pip install --disable-pip-version-check --progress-bar off "$french"; then
    language='"@jupyterlab/translation-extension:plugin": {"locale": "fr_FR"},'
  else
    echo "Sans la traduction française, que l’index ne donne pas : JupyterLab sera en anglais."
  fi
  mkdir -p "$folder" && cat >"$folder/overrides.json" <<FIN
{
  $language
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}
FIN
}

prepare_python() {
  if python_is_current; then return; fi
  step "Environnement Python (.venv)" python install_python || {
    explain python
    fail "L’environnement Python n’a pas pu être fait."
  }
  stamp_python
}

stamp_python() {
  # IPython, que Jupyter charge, se plaint tout haut d’un dossier absent.
  mkdir -p "$stamps" "$IPYTHONDIR" && python_fingerprint >"$stamps/python"
}

# --- La bibliothèque ---------------------------------------------------------------------------------------

library_stamp=lib/kernel/target/fingerprint
dependencies_stamp=lib/kernel/target/fingerprint-dependencies
class_path=lib/kernel/target/jars

# Le JDK en est : depuis 22, il ajoute de quoi lire la mémoire par segments.
library_fingerprint() { fingerprint "$java_version" -- pom.xml lib/*/pom.xml lib/*/src/main; }
dependencies_fingerprint() { fingerprint -- pom.xml lib/*/pom.xml; }

library_is_current() {
  [ -d "$class_path" ] && is_current "$library_stamp" "$(library_fingerprint)"
}

# build LIBELLÉ JOURNAL BUT… : Maven, puis les sceaux.
build() {
  local label=$1 log=$2 before
  shift 2
  before=$(library_fingerprint)
  rm -f "$library_stamp"
  # Maven n’ôte pas de jars/ ce dont on ne dépend plus.
  if ! is_current "$dependencies_stamp" "$(dependencies_fingerprint)"; then rm -rf "$class_path"; fi
  step "$label" "$log" mvn -B -ntp -Dstyle.color=never "$@" || return 1
  printf '%s\n' "$before" >"$library_stamp"
  dependencies_fingerprint >"$dependencies_stamp"
}

prepare_library() {
  if library_is_current; then return; fi
  build "Bibliothèque (mvn package)" maven package -Dmaven.test.skip=true || {
    explain maven
    fail "La bibliothèque n’a pas pu être construite."
  }
}

# --- Le noyau ----------------------------------------------------------------------------------------------

kernel_fingerprint() {
  fingerprint "$root" "$JAVA_HOME" -- binder/course_tools/{kernel,labextension,paths.py,files.py} \
    lib/{attention,kernel}/jvm-options lib/kernel/environment "$library_stamp" "$stamps/python"
}

prepare_kernel() {
  if [ -f "$venv/share/jupyter/kernels/attention-java/kernel.json" ] \
    && is_current "$stamps/kernel" "$(kernel_fingerprint)"; then
    return
  fi
  step "Noyau attention-java" noyau "$python" -I binder/course_tools install-kernel || {
    explain noyau
    fail "Le noyau n’a pas pu être installé."
  }
  kernel_fingerprint >"$stamps/kernel"
}

# Un disque plein ne garde pas non plus le journal qui le dirait : on essaie d’y écrire.
disk_has_room() {
  local trial=$root/.place.$$ code=0
  head -c 16777216 /dev/zero 2>/dev/null >"$trial" || code=1
  rm -f "$trial"
  return "$code"
}

# La raison la plus fréquente d’un échec, en clair.
explain() {
  if grep -qiE 'could not transfer|unknown host|unknownhost|failed to establish|name resolution|connection (refused|timed out)|offline mode|no matching distribution' "$logs/$1.log"; then
    printf '\n  Il semble que le réseau manque : la première fois, le cours télécharge ses paquets (environ 300 Mo).\n' >&2
    printf '  Ce qui est déjà là est gardé ; relancez la même commande quand le réseau répond.\n' >&2
  elif grep -qiE 'no space left|espace insuffisant' "$logs/$1.log" || ! disk_has_room; then
    printf '\n  Le disque est plein : il faut environ 1,5 Go pour le cours et ses paquets.\n' >&2
  fi
}
