"""What if: scenarios over the works and indicators of a plan, as data.

In the direction things flow:

- ``changes``, ``profiles``: what can be changed, one frozen value each;
- ``scenario``, ``read_toml``, ``wording``: a scenario, its file, and its changes in words;
- ``validation``, ``resolve``, ``difference``: a scenario put onto a plan, and what leads from one
  to another;
- ``work``, ``spending``: what each work then spends, and when it opens;
- ``outlook``, ``outlook_builder``, ``marginals``: what each indicator does without works;
- ``contributions``, ``attainment``, ``promise_odds``, ``per_target``: what works add, and how
  likely each target is;
- ``correlation``, ``joint_needs``, ``joint_counts``: many targets at once;
- ``simulate``, ``dataset``, ``archive``: the question over a whole plan, its labels and files.
"""
