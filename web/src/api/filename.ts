/** The file name of a Content-Disposition header: RFC 5987's `filename*` first, then `filename`; null without one. */
export function filenameOf(header: string | null): string | null {
  if (!header) return null;
  const extended = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(header)?.[1];
  if (extended) {
    try {
      return bare(decodeURIComponent(extended.trim()));
    } catch {
      // Broken percent-encoding: the plain name may still do.
    }
  }
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  const name = plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2];
  return name ? bare(name) : null;
}

/** A name never says where to put a file. */
function bare(name: string): string | null {
  return name.split(/[\\/]/).pop() || null;
}
