package stir.cli.page;

/**
 * One repeat of a search; its text is the name of its files.
 *
 * @param search the search's name
 * @param repeat from 1
 */
record SearchRepeat(String search, int repeat) {
    @Override
    public String toString() {
        return "repeat-" + repeat;
    }
}
