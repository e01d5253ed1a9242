/** What of a pod tells what it is for. */
export interface PodTraits {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `Always`, `OnFailure` or `Never`. */
  readonly restartPolicy: string;
  /** The object that controls it, and makes it anew; undefined for a bare pod. */
  readonly owner: Owner | undefined;
  readonly containers: readonly ContainerTraits[];
  /** Keys of taints that it tolerates by name, and that would keep it off else. */
  readonly tolerates: readonly string[];
  /** A DaemonSet owns it. */
  readonly daemonSet: boolean;
  /** The picture of a static pod, which kubelet runs from a file. */
  readonly mirror: boolean;
}

export interface Owner {
  /** The API group: `apps`, `batch`, `actions.github.com`; empty for the core. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

export interface ContainerTraits {
  readonly name: string;
  readonly image: string;
  /** Its command and arguments, one after the other. */
  readonly words: readonly string[];
  /** The names of its environment variables. */
  readonly variables: readonly string[];
}
