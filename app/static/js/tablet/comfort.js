/** How large the type is: an attribute of the whole document, remembered on this tablet. */

export const SIZES = ["standard", "large", "largest"];
const NAME = "type_size";

/** `page` is the root element; `settings` {get(name), set(name, value)} answers at once. */
export function typeSizeOf(page, settings) {
  function show(size) {
    page.dataset.type = size;
    return size;
  }

  const chosen = () => (SIZES.includes(settings.get(NAME)) ? settings.get(NAME) : SIZES[0]);
  return {
    size: chosen,
    apply: () => show(chosen()),
    choose(size) {
      settings.set(NAME, size);
      return show(size);
    },
    /** The next larger one, and after the largest the first again. */
    next() {
      return this.choose(SIZES[(SIZES.indexOf(chosen()) + 1) % SIZES.length]);
    },
  };
}
