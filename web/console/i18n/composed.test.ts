/** Words whose key is put together at run time: every value its type allows has them, so an enum of the server's that grows cannot show a bare key. */
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import zh from './zh-CN'

type Words = { [key: string]: string | Words }

const leaves = (words: Words, prefix = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key.replace(/_(one|other)$/, '')}`] : leaves(value, `${prefix}${key}.`),
  )

/** Stands for a part that may be any text: then at least one key must have the shape. */
const ANY = '*'

function programOf(files: string[]): ts.Program {
  const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys))
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, dirname(join(process.cwd(), 'tsconfig.json')))
  return ts.createProgram(files, { ...options, incremental: false, tsBuildInfoFile: undefined })
}

const sources = () => ts.sys.readDirectory('.', ['.ts', '.tsx'], ['node_modules', '**/*.test.*'], ['console/**/*', 'kit/**/*'])

/** What an expression can be, by its type: literals, or any text. */
function valuesOf(checker: ts.TypeChecker, node: ts.Expression): string[] {
  const type = checker.getTypeAtLocation(node)
  const parts = (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)))
  return parts.every((part) => part.isStringLiteral() || part.isNumberLiteral()) ? parts.map((part) => String((part as ts.LiteralType).value)) : [ANY]
}

const combined = (heads: string[], tails: string[]) => heads.flatMap((head) => tails.map((tail) => head + tail))

/** The keys a call of `t` or a StatusTag asks for, where they are not written out. */
function composed(checker: ts.TypeChecker, node: ts.Node): string[] {
  if (ts.isCallExpression(node) && node.expression.getText() === 't') {
    const [key] = node.arguments
    if (!key || ts.isStringLiteral(key)) return []
    if (!ts.isTemplateExpression(key)) return valuesOf(checker, key).filter((value) => value !== ANY)
    return key.templateSpans.reduce((keys, span) => combined(combined(keys, valuesOf(checker, span.expression)), [span.literal.text]), [key.head.text])
  }
  if (ts.isJsxSelfClosingElement(node) && node.tagName.getText() === 'StatusTag') {
    const given = (name: string) => {
      const found = node.attributes.properties.find((each): each is ts.JsxAttribute => ts.isJsxAttribute(each) && each.name.getText() === name)
      const value = found?.initializer
      if (value && ts.isStringLiteral(value)) return [value.text]
      return value && ts.isJsxExpression(value) && value.expression ? valuesOf(checker, value.expression) : [ANY]
    }
    return combined(combined(['status.'], given('kind')), combined(['.'], given('value')))
  }
  return []
}

/** Every composed key of the source, with the file that asks for it. */
function askedKeys(files: string[]): Map<string, string> {
  const program = programOf(files)
  const checker = program.getTypeChecker()
  const asked = new Map<string, string>()
  const visit = (node: ts.Node, file: string) => {
    for (const key of composed(checker, node)) asked.set(key, file)
    node.forEachChild((child) => visit(child, file))
  }
  for (const file of files) {
    const source = program.getSourceFile(file)
    if (source) visit(source, file)
  }
  return asked
}

function without(asked: Map<string, string>, known: string[]): string[] {
  const held = new Set(known)
  const has = (key: string) => (key.includes(ANY) ? known.some((each) => new RegExp(`^${key.replaceAll('.', '\\.').replaceAll(ANY, '[^.]+')}$`).test(each)) : held.has(key))
  return [...asked].flatMap(([key, file]) => (has(key) ? [] : [`${key} (${file})`])).sort()
}

describe('words put together at run time', () => {
  const asked = askedKeys(sources())
  const known = leaves(zh)

  it('exist for every value their types allow', () => {
    expect(without(asked, known)).toEqual([])
  })

  it('are missed when one state of the server has none', () => {
    const lost = known.filter((key) => key !== 'status.statement.reversed')
    expect(without(asked, lost)).toContainEqual(expect.stringContaining('status.statement.reversed'))
  })
})
