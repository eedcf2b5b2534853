/** Whether a box has more in it than it shows. What scrolls must be reached by keyboard (WCAG 2.1.1), what does not must not
 *  cost a press of Tab. */
import { useEffect, useRef, useState, type RefObject } from 'react';

export function useScrolls<E extends HTMLElement>(): readonly [RefObject<E | null>, boolean] {
  const box = useRef<E>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null || typeof ResizeObserver === 'undefined') return undefined;
    const measure = () => setScrolls(element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1);
    const sizes = new ResizeObserver(measure);
    const observe = () => {
      sizes.disconnect();
      for (const each of [element, ...element.children]) sizes.observe(each);
    };
    const children = new MutationObserver(observe);
    children.observe(element, { childList: true });
    observe();
    return () => {
      sizes.disconnect();
      children.disconnect();
    };
  }, []);
  return [box, scrolls];
}
