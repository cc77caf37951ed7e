// How `mintmark cache` writes: sizes and ages for people, and nothing from a store that a terminal could take for a command.

// Control characters, and those that are not seen or turn the direction of text.
const DANGEROUS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text that came from a store, as it may be shown. Line feeds stay. */
export function harmless(text: string): string {
  return text.replace(DANGEROUS, (character) => character.split('').map(escaped).join(''))
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The same on one line. */
export function harmlessLine(text: string): string {
  return harmless(text).replaceAll('\n', '\\n')
}

/** JSON in which those characters are written as escapes, which JSON has for all of them. */
export function jsonText(value: unknown, indent?: number): string {
  return harmless(JSON.stringify(value, null, indent))
}

/** `1.5 MB`: powers of 1,000. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  let size = bytes
  while (size >= 999.5 && at < units.length - 1) {
    size /= 1000
    at++
  }
  return `${at === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${units[at]}`
}

const STEPS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

/** `3d`, `2h`: the largest unit that fits. What lies ahead begins with a minus. */
export function ageText(ms: number): string {
  const [unit, each] = STEPS.find(([, each]) => Math.abs(ms) >= each) ?? ['ms', 1]
  return `${Math.trunc(ms / each)}${unit}`
}

export function countText(count: number, what: string): string {
  const many = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`
  return `${count.toLocaleString('en')} ${count === 1 ? what : many}`
}

/** Columns, two spaces apart; those in `right` end where they end. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (right.includes(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}
