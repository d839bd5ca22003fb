"""BAK files by the parser of COIN-OR's GrUMPy: it ends the process at what it does not know.

    python tests/browser/grumpy.py FILE.bak NODES
"""

import contextlib
import io
import sys

from coinor.grumpy import BBTree


def main():
    path, nodes = sys.argv[1], int(sys.argv[2])
    tree = BBTree()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        tree.process_file(path)
    count = len(tree.get_node_list())
    assert count >= nodes, f"{path}: {count} nodes"
    for word in ["Incomplete", "Invalid", "Unexpected"]:
        assert word not in said.getvalue(), said.getvalue()
    states = {tree.get_node_attr(node, "status") for node in tree.get_node_list()}
    assert states <= {"branched", "candidate", "infeasible", "fathomed", "integer"}, states
    print(f"GrUMPy: {count} nodes of {path.rsplit('/', 1)[-1]} accepted, states {', '.join(sorted(states))}")


if __name__ == "__main__":
    main()
