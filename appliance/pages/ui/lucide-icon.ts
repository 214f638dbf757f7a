import { type ComponentChildren, h, type SVGAttributes } from 'preact'

type Drawing = { name: string; node: [string, Record<string, string>][] }
type Props = SVGAttributes<SVGSVGElement> & { children?: ComponentChildren }

/**
 * What vite.config.ts puts in the place of lucide's own component, which is ten times as large, on every page, for what
 * no page of ours asks of an icon: sizes, colours and providers. The drawings are lucide's.
 */
export const createLucideIcon =
  ({ name, node }: Drawing) =>
  ({ strokeWidth = 2, children, ...props }: Props) =>
    h(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width: 24,
        height: 24,
        viewBox: '0 0 24 24',
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': strokeWidth,
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
        'aria-hidden': props['aria-label'] ? undefined : 'true',
        ...props,
        class: `lucide lucide-${name} ${props.class ?? ''}`,
      },
      node.map(([tag, { key: _key, ...attributes }]) => h(tag, attributes)),
      children,
    )
