"""Which of last year's tasks a task continues, as an admin chooses it."""

from typing import Any

from django import forms

from tasks_app.domain.plan.predecessors import possible_predecessors
from tasks_app.models import Task

# Beyond it a list is no help any more: the number of the task is typed.
LONGEST_LIST = 500


class PredecessorForm(forms.Form):
    """The task of last year's table; without such a table the form has no field."""

    def __init__(self, task: Task, data: Any = None) -> None:
        super().__init__(data)
        self.choices = possible_predecessors(task.plan)
        count = self.choices.count()
        self.is_long = count > LONGEST_LIST
        label = f"上年任务（{task.plan.year - 1}年）"
        if self.is_long:
            self.fields["predecessor"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                initial=task.predecessor.number if task.predecessor else None,
                help_text="填写上年分解表里的序号；没有对应的任务则留空。",
            )
        elif count:
            self.fields["predecessor"] = forms.ModelChoiceField(
                label=label,
                queryset=self.choices,
                required=False,
                empty_label="（没有对应的任务）",
                initial=task.predecessor_id,
            )

    def clean_predecessor(self) -> Task | None:
        chosen = self.cleaned_data["predecessor"]
        if not self.is_long or chosen is None:
            return chosen
        found = self.choices.filter(number=chosen).order_by("-is_active").first()
        if found is None:
            raise forms.ValidationError(f"上年的分解表里没有序号为{chosen}的任务。")
        return found

    def predecessor(self) -> Task | None:
        """Return the task that was chosen."""
        return self.cleaned_data.get("predecessor")
