// Whether what a mutant gives differs from what was there.

/** Nobody can tell them apart: the same value, or lists and records, made anew each time, of the same values. */
export function isSame(a: unknown, b: unknown, depth = 2): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth === 0) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => isSame(x, b[i], depth - 1))
  if (Object.getPrototypeOf(a) !== Object.prototype || Object.getPrototypeOf(b) !== Object.prototype) return false
  const names = Object.keys(a)
  const isSameAt = (name: string): boolean => isSame(a[name as keyof typeof a], b[name as keyof typeof b], depth - 1)
  return isSame(names, Object.keys(b)) && names.every(isSameAt)
}
