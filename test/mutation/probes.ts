// Where a mutant makes a difference at all: what it changes is evaluated beside what was there. Each test is run twice. The first time it is
// counted how often a test comes to each mutant, and the second time these are counted down by the probes, since what a change makes happen
// early, such as an answer that is remembered from then on, happens within a probe, unseen, and what throws comes to no probe.

export interface Probes {
  /** A test comes to a mutant. It is taken to make a difference, unless a probe tells that it makes none. */
  reach(id: number): void
  /** Answers `value`; `calls`: something is called for it. */
  probe<T>(id: number, value: T, change: () => T, calls: boolean): T
  /** Begins a test: the run that is counted. */
  count(): void
  /** How many probes it passed; the run with probes begins. */
  steps(): number
  /** Numbers of the mutants that may have made a difference. */
  felt(): ReadonlySet<number>
}

export function openProbes(mutants: number): Probes {
  let mode: 'counting' | 'probing' | 'within a probe' = 'counting'
  let different = new Set<number>()
  let unseen = new Int32Array(mutants)
  let steps = 0
  let probed = -1

  function reach(id: number): void {
    // It would be met again by what it makes happen, and there a probe evaluates what was there.
    if (mode === 'within a probe' && id === probed) different.add(id)
    if (mode !== 'counting') return
    steps++
    unseen[id]!++
  }

  function probe<T>(id: number, value: T, change: () => T, calls: boolean): T {
    if (mode !== 'probing') return value
    unseen[id]!--
    if (different.has(id)) return value
    mode = 'within a probe'
    probed = id
    try {
      // What calls something for a value that is none calls it for its effect.
      if ((calls && value === undefined) || !isSame(change(), value)) different.add(id)
    } catch {
      different.add(id)
    }
    mode = 'probing'
    return value
  }

  return {
    reach,
    probe,
    count() {
      mode = 'counting'
      different = new Set()
      unseen = new Int32Array(mutants)
      steps = 0
    },
    steps() {
      mode = 'probing'
      return steps
    },
    felt: () => new Set([...different, ...[...unseen.keys()].filter((id) => unseen[id]! > 0)]),
  }
}

/** Nobody can tell them apart: the same value, or lists and records, made anew each time, of the same values. */
function isSame(a: unknown, b: unknown, depth = 2): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth === 0) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => isSame(x, b[i], depth - 1))
  if (Object.getPrototypeOf(a) !== Object.prototype || Object.getPrototypeOf(b) !== Object.prototype) return false
  const names = Object.keys(a)
  const isSameAt = (name: string): boolean => isSame(a[name as keyof typeof a], b[name as keyof typeof b], depth - 1)
  return isSame(names, Object.keys(b)) && names.every(isSameAt)
}
