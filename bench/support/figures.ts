// Medians, ratios and the one line that a figure is told in.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of the ratios, pair by pair: the two were measured in turn, so drift of the machine cancels out. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, i) => value / b[i]!))
}

export function report(what: string, value: number, peer: string, peerValue: number, times: number): void {
  process.stdout.write(`  ${what}: ${value.toFixed(1)}; ${peer}: ${peerValue.toFixed(1)}; ratio ${times.toFixed(2)}\n`)
}
