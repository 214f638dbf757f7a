import { Component, type ComponentChildren } from 'preact'

type Props = { children: ComponentChildren; instead?: ComponentChildren }

/**
 * What cannot be drawn leaves its own place empty, or `instead`, and not the page; the next view tries again. A class: the
 * hook for it would come into the piece that all pages share, and a kiosk has 60 KiB.
 */
export class Survive extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  override componentDidCatch(error: unknown): void {
    console.error(error)
    this.setState({ failed: true })
  }

  // Each view brings new children, and only that is a reason to try.
  override componentDidUpdate({ children }: Props): void {
    if (this.state.failed && children !== this.props.children) this.setState({ failed: false })
  }

  render({ children, instead = null }: Props) {
    return this.state.failed ? instead : children
  }
}
