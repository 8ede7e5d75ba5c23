"""Say of a drill that it is the examination, and of a viewer's question about which goods and after which word it is asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_quiz_paper_rules")]

    operations = [
        migrations.AddField(
            "drill", "is_exam", models.BooleanField(default=False, verbose_name="算考核")
        ),
        migrations.AddField(
            "viewercomment",
            "goods",
            models.CharField(
                blank=True,
                choices=[
                    ("fruit", "水果"),
                    ("egg", "鸡鸭蛋"),
                    ("tea", "茶叶"),
                    ("rice", "大米"),
                    ("vegetable", "蔬菜山货"),
                ],
                max_length=10,
                verbose_name="问哪类货",
            ),
        ),
        migrations.AddField(
            "viewercomment",
            "only_if",
            models.CharField(blank=True, max_length=20, verbose_name="脚本里有这个词才问"),
        ),
    ]
