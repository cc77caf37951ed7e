// Parameters: fields of a flow that the one who starts a run may set. `@parameter({ help: 'how many' }) size = 3`.

import { MintmarkError } from './errors.js'
import type { FlowSpec } from './flow.js'

interface ParameterTypes {
  number: number
  string: string
  boolean: boolean
  /** Anything that JSON can say. */
  json: unknown
}
export type ParameterType = keyof ParameterTypes

export interface ParameterOptions<Type extends ParameterType = ParameterType> {
  /** Default: the type of the field's initial value; `string` when it has none. */
  readonly type?: Type
  /** One line for `--help`. */
  readonly help?: string
  /** A run without a value for it does not start. Default: true when the field has no initial value. */
  readonly required?: boolean
}

/** One parameter of a flow, as `--help`, `show` and the run see it. */
export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly help: string
  readonly required: boolean
  readonly default: unknown
}

export interface ParameterDecorator<Type extends ParameterType> {
  <This extends FlowSpec, Value extends ParameterTypes[Type] | undefined>(
    value: undefined,
    context: ClassFieldDecoratorContext<This, Value>,
  ): void
  <Name extends string>(target: FlowSpec & { [Field in NoInfer<Name>]?: ParameterTypes[Type] }, key: Name): void
}

const optionsByClass = new WeakMap<object, Map<string, ParameterOptions>>()

/** Makes a field of a flow a parameter: `--size 4` on its command line, `runFlow(Flow, { parameters: { size: 4 } })` in code. */
export function parameter<const Type extends ParameterType = ParameterType>(
  options: ParameterOptions<Type> = {},
): ParameterDecorator<Type> {
  return (target: unknown, at: ClassFieldDecoratorContext | string) => {
    if (typeof at === 'string') return register(target as object, at, options)
    const name = String(at.name)
    at.addInitializer(function () {
      register(Object.getPrototypeOf(this), name, options)
    })
  }
}

function register(prototype: object, name: string, options: ParameterOptions): void {
  let names = optionsByClass.get(prototype)
  if (names === undefined) {
    names = new Map()
    optionsByClass.set(prototype, names)
  }
  names.set(name, options)
}

/** The parameters of the flow that made this instance, inherited ones included. */
export function parametersOf(instance: object): Map<string, Parameter> {
  const found = new Map<string, Parameter>()
  const chain: object[] = []
  for (let at = Object.getPrototypeOf(instance); at !== null; at = Object.getPrototypeOf(at)) chain.unshift(at)
  for (const at of chain) {
    for (const [name, options] of optionsByClass.get(at) ?? []) {
      const initial: unknown = (instance as Record<string, unknown>)[name]
      found.set(name, {
        name,
        type: options.type ?? typeOf(initial),
        help: options.help ?? '',
        required: options.required ?? initial === undefined,
        default: initial,
      })
    }
  }
  return found
}

function typeOf(initial: unknown): ParameterType {
  const type = typeof initial
  if (type === 'number' || type === 'boolean') return type
  return type === 'object' && initial !== null ? 'json' : 'string'
}

/** The value that a command line's text stands for. Error: MM5011. */
export function parseParameter(parameter: Parameter, text: string): unknown {
  const { type } = parameter
  if (type === 'string') return text
  if (type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text)
  if (type === 'boolean' && /^(true|false|1|0|yes|no)$/i.test(text)) return /^(true|1|yes)$/i.test(text)
  if (type === 'json') {
    try {
      return JSON.parse(text)
    } catch {
      throw wrong(parameter, text, '')
    }
  }
  throw wrong(parameter, text, '--')
}

/** The values for a run: only parameters of the flow, each of its type, none of the required missing. Errors: MM5010, MM5011, MM5012. */
export function checkParameters(
  parameters: ReadonlyMap<string, Parameter>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const parameter = parameters.get(name)
    if (parameter === undefined) {
      const known = [...parameters.keys()].map((each) => `\`${each}\``).join(', ')
      throw new MintmarkError(
        'MM5010',
        `there is no parameter \`${name}\`. ${known === '' ? 'The flow has none' : `The flow has ${known}`}.`,
      )
    }
    if (parameter.type !== 'json' && typeof value !== parameter.type) throw wrong(parameter, value, '')
    values[name] = value
  }
  for (const { name, required } of parameters.values()) {
    if (required && !Object.hasOwn(values, name))
      throw new MintmarkError(
        'MM5012',
        `parameter \`${name}\` has no value. Give it with \`--${name} <value>\`, or the field an initial value.`,
      )
  }
  return values
}

function wrong(parameter: Parameter, value: unknown, dashes: string): MintmarkError {
  const article = parameter.type === 'json' ? 'JSON' : `a ${parameter.type}`
  return new MintmarkError('MM5011', `parameter \`${dashes}${parameter.name}\` needs ${article} and got \`${String(value)}\`.`)
}
