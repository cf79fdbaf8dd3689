import { noChange } from 'lit-html'
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit-html/directive.js'

/**
 * Sets CSS custom properties of an element, such as a bar's share: html`<i ${properties({ '--ops-share': '0.4' })}></i>`.
 * They go through the element's style object, because the content security policy forbids style attributes, and lit's
 * own styleMap writes one when it draws first.
 */
class Properties extends Directive {
  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.ELEMENT) throw new Error('properties() belongs into a tag')
  }

  render(_values: Readonly<Record<`--${string}`, string>>): unknown {
    return noChange
  }

  override update(part: ElementPart, [values]: Parameters<this['render']>): unknown {
    const { style } = part.element as HTMLElement | SVGElement
    for (const [name, value] of Object.entries(values)) style.setProperty(name, value)
    return noChange
  }
}

export const properties = directive(Properties)
