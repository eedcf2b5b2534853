import { useId, type ReactNode } from 'react';
import css from './ui.module.css';

export interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** The chord that picks it, shown quietly. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

interface ChoiceProps<V extends string> {
  readonly label: string;
  /** Show the label above; else it is only spoken. */
  readonly visible?: boolean;
  readonly required?: boolean;
  readonly options: readonly Option<V>[];
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly id?: string;
}

/** A few exclusive options in view at once: native radios, so the arrow keys work by themselves. */
export function Choice<V extends string>({ label, visible = false, required = false, options, value, onChange, id }: ChoiceProps<V>) {
  const name = useId();
  return (
    <fieldset className={css.field} id={id} tabIndex={id ? -1 : undefined}>
      <legend className={visible ? css.label : 'sr'}>
        {label} {required && <span className="required">*</span>}
      </legend>
      <div className={css.choice}>
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
            {option.hint !== undefined && <kbd aria-hidden>{option.hint}</kbd>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
