// File patterns: `*`, `**`, `?`.

/** A pattern without a slash names a file in any folder: https://webpack.js.org/guides/tree-shaking/ */
export function globToRegExp(pattern: string): RegExp {
  const full = pattern.includes('/') ? pattern.replace(/^\.?\//, '') : `**/${pattern}`
  const source = full
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (m) => (m === '**/' ? '(?:.*/)?' : m === '**' ? '.*' : m === '*' ? '[^/]*' : '[^/]'))
  return new RegExp(`^${source}$`)
}
