// `show`: the graph of a flow, for people and as JSON.

import { type FlowGraph, type StepInfo, targetsOf, tellTransition } from '../runtime/graph.js'

export function showGraph(graph: FlowGraph, json: boolean): string {
  const { name, stamp, Flow, parameters } = graph
  const steps = inOrder(graph)
  const memoized = ({ notes }: StepInfo) => notes.memoize !== undefined || Boolean(Flow.memoize)
  if (json) {
    const told = steps.map((info) => ({
      name: info.name,
      memoized: memoized(info),
      joins: info.joins,
      next: info.stamp?.next ?? null,
      targets: targetsOf(info) ?? null,
      fingerprint: info.stamp?.fingerprint ?? null,
    }))
    return `${JSON.stringify({ flow: name, stamp, steps: told, parameters: [...parameters.values()] }, null, 2)}\n`
  }
  const lines = steps.map((info) => {
    const next = info.stamp?.next
    const targets = next === undefined ? targetsOf(info)?.join(' or ') : tellTransition(next)
    const marks = [memoized(info) ? 'memoized' : '', info.joins ? 'join' : ''].filter((mark) => mark !== '').join(', ')
    const goesOn = info.name === 'end' ? '' : ` -> ${targets || '?'}`
    return `  ${info.name}${marks && ` (${marks})`}${goesOn}\n`
  })
  const flags = [...parameters.values()].map(
    ({ name, type, help, ...rest }) =>
      `  --${name} <${type}>  ${help}${help && ' '}(${rest.required ? 'required' : `default: ${JSON.stringify(rest.default)}`})\n`,
  )
  const unstamped = stamp === 'good' ? '' : 'compiled without the mintmark plugin: transitions are not known, and nothing is memoized\n'
  return `${name}\n${unstamped}steps\n${lines.join('')}${flags.length === 0 ? '' : `parameters\n${flags.join('')}`}`
}

/** From `start` along the transitions; what those do not tell comes after, `end` last. */
function inOrder({ steps }: FlowGraph): StepInfo[] {
  const seen = new Set<string>(['start'])
  for (const name of seen) {
    const info = steps.get(name)
    for (const target of (info && targetsOf(info)) ?? []) if (target !== 'end') seen.add(target)
  }
  for (const name of steps.keys()) if (name !== 'end') seen.add(name)
  return [...seen, 'end'].map((name) => steps.get(name)).filter((info) => info !== undefined)
}
