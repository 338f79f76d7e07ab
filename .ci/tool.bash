# Subcommands of cargo with pinned versions. They are built once, into target/tools.

# tool NAME VERSION ARGUMENTS…: runs a cargo subcommand. Built without optimization: building takes far longer than it
# runs, either way.
tool() {
    local name=$1 version=$2
    local root
    root=$(realpath -m "${CARGO_TARGET_DIR:-target}")/tools/$name-$version
    shift 2
    if [[ ! -x $root/bin/$name ]]; then
        env -u CARGO_TARGET_DIR cargo install --locked --quiet --debug --root "$root" "$name@$version"
    fi
    "$root/bin/$name" "$@"
}
