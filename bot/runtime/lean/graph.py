"""The graph of components, run one after the other.

Stands in for `rasa.engine.runner.dask.DaskGraphRunner`, which makes a new dask graph at every run and hands each node to
a scheduler. The nodes are Rasa's own, made from the same schema; their order is settled once for each target.
Checked by tests/engine/lean/test_graph.py (same output as dask's runner) and by the equivalence of dialogues.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy as StockMemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy as StockRulePolicy
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema, SchemaNode
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException

from bot.runtime.lean.rules import MemoizationPolicy, RulePolicy

_LEAN = {StockRulePolicy: RulePolicy, StockMemoizationPolicy: MemoizationPolicy}


class DirectGraphRunner(GraphRunner):
    """Runs a model's components without a scheduler."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        """Take the schema and its nodes, all loaded."""
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[str, list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DirectGraphRunner:
        """Load all components."""
        nodes = {
            name: GraphNode.from_schema_node(name, _leaner(node), model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    @property
    def components(self) -> list[Any]:
        """Return the loaded components."""
        return [node._component for node in self._nodes.values()]

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need; returns their outputs by name.

        Raises:
            GraphRunError: If an input has the name of a node.
            GraphComponentException: If a component fails with an error that is not Rasa's own.
        """
        outputs = dict(inputs or {})
        if not outputs.keys().isdisjoint(self._nodes):
            raise GraphRunError("an input has the name of a node")
        wanted = targets or self._schema.target_names
        for target in wanted:
            for name in self._order(target):
                if name not in outputs:
                    outputs[name] = self._output(name, outputs)
        return {target: outputs[target] for target in wanted}

    def _output(self, name: str, outputs: dict[str, Any]) -> Any:
        node = self._nodes[name]
        if node._hooks or not node._eager:
            return node(*((needed, outputs[needed]) for needed in node._inputs.values()))[1]
        try:
            return node._fn(node._component, **{key: outputs[needed] for key, needed in node._inputs.items()})
        except RasaException:
            raise
        except Exception as error:
            raise GraphComponentException(f"Error running graph component for node {name}.") from error

    def _order(self, target: str) -> list[str]:
        if target not in self._orders:
            self._orders[target] = list(dict.fromkeys(self._needed(target)))
        return self._orders[target]

    def _needed(self, name: str) -> Iterator[str]:
        node = self._schema.nodes.get(name)
        if node is not None:  # otherwise it is an input
            for needed in node.needs.values():
                yield from self._needed(needed)
            yield name


def _leaner(node: SchemaNode) -> SchemaNode:
    return dataclasses.replace(node, uses=_LEAN.get(node.uses, node.uses))
