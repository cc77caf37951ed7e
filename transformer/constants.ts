// What is known of a value from the text alone: its primitive type, and the value itself where a bundler would compute it.
// Numbers are folded as bundlers fold them: everything in the constants that open a module, elsewhere only what stays short.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'

export type Constant = string | number | boolean | bigint | null | undefined

export interface Known {
  readonly value: Constant
}

export type PrimitiveType = 'string' | 'number' | 'boolean' | 'bigint' | 'null' | 'undefined' | 'mixed'

export interface ConstantContext {
  readonly ts: TS
  /** True for a name that the module declares or imports. */
  isBound(name: string): boolean
  /** Values of the constants that open the module: nothing before them can be felt, no import either. */
  readonly constants: Map<string, Known>
  /** Values of enum members, by `Enum.member`. */
  readonly enumValues: ReadonlyMap<string, string | number>
  /** The module's opening constants are still being read. */
  isOpening: boolean
}

const WHOLE_NUMBERS: Record<string, Constant> = { undefined, NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY }

export function constantOf(context: ConstantContext, given: ts.Expression): Known | undefined {
  const { ts } = context
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.NumericLiteral:
      return { value: Number((node as ts.NumericLiteral).text) }
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
      return { value: (node as ts.StringLiteralLike).text }
    case K.BigIntLiteral:
      return { value: BigInt((node as ts.BigIntLiteral).text.slice(0, -1)) }
    case K.TrueKeyword:
      return { value: true }
    case K.FalseKeyword:
      return { value: false }
    case K.NullKeyword:
      return { value: null }
    case K.Identifier: {
      const { text } = node as ts.Identifier
      if (context.isBound(text)) return context.constants.get(text)
      return Object.hasOwn(WHOLE_NUMBERS, text) ? { value: WHOLE_NUMBERS[text] } : undefined
    }
    case K.PropertyAccessExpression: {
      const { expression, name } = node as ts.PropertyAccessExpression
      const value = ts.isIdentifier(expression) ? context.enumValues.get(`${expression.text}.${name.text}`) : undefined
      return value === undefined ? undefined : { value }
    }
    case K.PrefixUnaryExpression:
      return unary(ts, (node as ts.PrefixUnaryExpression).operator, constantOf(context, (node as ts.PrefixUnaryExpression).operand))
    case K.BinaryExpression: {
      const { left, operatorToken, right } = node as ts.BinaryExpression
      const a = constantOf(context, left)
      const b = a && constantOf(context, right)
      return a && b && binary(ts.tokenToString(operatorToken.kind)!, a.value, b.value, context.isOpening)
    }
    case K.TemplateExpression: {
      const { head, templateSpans } = node as ts.TemplateExpression
      let text = head.text
      for (const span of templateSpans) {
        const known = constantOf(context, span.expression)
        if (known === undefined) return undefined
        text += String(known.value) + span.literal.text
      }
      return { value: text }
    }
    default:
      return undefined
  }
}

function unary({ SyntaxKind: K }: TS, operator: ts.PrefixUnaryOperator, operand: Known | undefined): Known | undefined {
  if (operand === undefined) return undefined
  const { value } = operand
  if (operator === K.ExclamationToken) return { value: !value }
  if (operator === K.MinusToken && typeof value === 'bigint') return { value: -value }
  if (typeof value === 'bigint') return undefined
  if (operator === K.MinusToken) return { value: -Number(value) }
  if (operator === K.PlusToken) return { value: Number(value) }
  return operator === K.TildeToken && typeof value === 'number' ? { value: ~value } : undefined
}

function binary(operator: string, a: Constant, b: Constant, isOpening: boolean): Known | undefined {
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) return { value: `${String(a)}${String(b)}` }
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  const value = calculate(operator, a, b)
  return value !== undefined && (isOpening || staysShort(operator, a, b, value)) ? { value } : undefined
}

export function calculate(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '**':
      return a ** b
    case '|':
      return a | b
    case '&':
      return a & b
    case '^':
      return a ^ b
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case '>>>':
      return a >>> b
    default:
      return undefined
  }
}

/** A minifier folds what cannot become longer by it. */
function staysShort(operator: string, a: number, b: number, value: number): boolean {
  const isWithin = (n: number, limit: number): boolean => Number.isInteger(n) && Math.abs(n) <= limit
  const digits = (n: number): number => 1 + Math.max(0, Math.floor(Math.log10(Math.abs(n)))) + (n < 0 ? 1 : 0)
  switch (operator) {
    case '+':
    case '-':
      return isWithin(a, 0xffff_ffff) && isWithin(b, 0xffff_ffff)
    case '*':
      return isWithin(a, 0xff) && isWithin(b, 0xff)
    case '/':
      return b === 0
    case '<<':
      return digits(value) <= digits(a) + 2 + digits(b)
    case '>>>':
      return digits(value) <= digits(a) + 3 + digits(b)
    default:
      return operator === '>>' || operator === '&' || operator === '|' || operator === '^'
  }
}

/** The type of a primitive that the expression surely gives, or `undefined` when it may give an object. */
export function primitiveType(context: ConstantContext, given: ts.Expression): PrimitiveType | undefined {
  const { ts } = context
  const known = constantOf(context, given)
  if (known !== undefined) return known.value === null ? 'null' : (typeof known.value as PrimitiveType)
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.TemplateExpression:
    case K.TypeOfExpression:
      return 'string'
    case K.VoidExpression:
      return 'undefined'
    case K.DeleteExpression:
      return 'boolean'
    case K.PrefixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression
      if (operator === K.ExclamationToken) return 'boolean'
      if (operator === K.PlusToken) return 'number'
      const type = primitiveType(context, operand)
      return type === 'bigint' ? type : type !== undefined && type !== 'mixed' ? 'number' : 'mixed'
    }
    case K.PostfixUnaryExpression:
      return 'mixed'
    case K.ConditionalExpression: {
      const { whenTrue, whenFalse } = node as ts.ConditionalExpression
      return merged(primitiveType(context, whenTrue), primitiveType(context, whenFalse))
    }
    case K.BinaryExpression:
      return binaryType(context, node as ts.BinaryExpression)
    default:
      return undefined
  }
}

function merged(a: PrimitiveType | undefined, b: PrimitiveType | undefined): PrimitiveType | undefined {
  return a === undefined || b === undefined ? undefined : a === b ? a : 'mixed'
}

function binaryType(context: ConstantContext, { left, operatorToken, right }: ts.BinaryExpression): PrimitiveType | undefined {
  const a = (): PrimitiveType | undefined => primitiveType(context, left)
  const b = (): PrimitiveType | undefined => primitiveType(context, right)
  const operator = context.ts.tokenToString(operatorToken.kind)!
  if (/^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(operator)) return 'boolean'
  if (operator === '||' || operator === '&&') return merged(a(), b())
  if (operator === ',' || operator === '=') return b()
  // What was there before, which nobody knows, or the right side.
  if (operator === '||=' || operator === '&&=' || operator === '??=') return undefined
  if (operator === '??') {
    const type = a()
    if (type === 'null' || type === 'undefined') return b()
    return type === 'mixed' && b() === undefined ? undefined : type
  }
  if (operator === '+' && [a(), b()].includes('string')) return 'string'
  return 'mixed'
}
