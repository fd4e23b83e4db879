// Fills in whole forms with JavaRosa, as ODK Collect does, and tells what it makes of every question: the judge of server and page.
// usage: Forms < commands, a line each with tabs between its parts and values as hexadecimal UTF-8:
//   form FILE           read a form and begin it anew
//   times REF N         a repeat without a number of its own has N instances
//   set REF VALUE       what is answered at the next fill
//   fill                go through the form from the beginning to the end and answer what is met
//   reopen              open the form again as it was kept
//   tell                print a line per question: ref, relevant, value, fits, required, choices; then a dot

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.AnswerDataFactory;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.UncastData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.expr.XPathFuncExpr;
import org.javarosa.xpath.expr.XPathPathExpr;

public class Forms {
    private static final java.io.PrintStream OUT = new java.io.PrintStream(System.out, false, StandardCharsets.UTF_8);
    private static final SimpleDateFormat MOMENT = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss");
    private static FormDef form;
    private static final Map<String, String> answers = new HashMap<>();
    private static final Map<String, Integer> times = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        new XFormsModule().registerModule();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            switch (parts[0]) {
                case "form" -> begin(parts[1]);
                case "times" -> times.put(parts[1], Integer.parseInt(parts[2]));
                case "set" -> answers.put(parts[1], new String(HexFormat.of().parseHex(parts[2]), StandardCharsets.UTF_8));
                case "fill" -> fill();
                // what hung on an instance that was removed is worked out anew only then
                case "reopen" -> form.initialize(false, new InstanceInitializationFactory());
                case "tell" -> {
                    tell(form.getMainInstance().getRoot());
                    OUT.println(".");
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        OUT.flush();
    }

    private static void begin(String file) throws Exception {
        answers.clear();
        times.clear();
        try (FileInputStream in = new FileInputStream(file)) {
            form = XFormUtils.getFormFromInputStream(in);
        }
        form.initialize(true, new InstanceInitializationFactory());
    }

    private static void fill() {
        FormEntryController controller = new FormEntryController(new FormEntryModel(form));
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        int event = controller.stepToNextEvent();
        for (int steps = 0; event != FormEntryController.EVENT_END_OF_FORM; steps++) {
            if (steps > 100_000) throw new IllegalStateException("never ends");
            FormIndex index = controller.getModel().getFormIndex();
            TreeReference ref = index.getReference();
            if (event == FormEntryController.EVENT_QUESTION) answer(ref);
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT && ref.getMultLast() < wanted(ref)) {
                controller.newRepeat(index);
                controller.jumpToIndex(index);
            } else if (event == FormEntryController.EVENT_REPEAT && times.containsKey(place(ref, true)) && ref.getMultLast() >= wanted(ref)) {
                event = controller.jumpToIndex(controller.deleteRepeat(index));
                continue;
            }
            event = controller.stepToNextEvent();
        }
    }

    private static int wanted(TreeReference ref) {
        return times.getOrDefault(place(ref, true), 0);
    }

    private static void answer(TreeReference ref) {
        String given = answers.get(place(ref, false));
        if (given == null) return;
        TreeElement node = form.getMainInstance().resolveReference(ref);
        form.setValue(data(node, given), ref, node, true);
    }

    private static IAnswerData data(TreeElement node, String given) {
        if (given.isEmpty()) return null;
        IAnswerData template = AnswerDataFactory.templateByDataType(node.getDataType());
        return template.cast(new UncastData(given));
    }

    private static void tell(TreeElement node) {
        if (node.getMult() == TreeReference.INDEX_TEMPLATE) return;
        if (node.getNumChildren() > 0 || node.isRepeatable()) {
            if (node.isRepeatable()) line(node, "");
            for (int i = 0; i < node.getNumChildren(); i++) tell(node.getChildAt(i));
            return;
        }
        TreeReference ref = node.getRef();
        EvaluationContext context = new EvaluationContext(form.getEvaluationContext(), ref);
        String value;
        try {
            Object worth = XPathFuncExpr.unpack(XPathPathExpr.fromRef(ref).eval(form.getMainInstance(), context));
            value = worth instanceof Date at ? MOMENT.format(at) : XPathFuncExpr.toString(worth);
        } catch (Exception error) {
            value = "error " + error.getClass().getSimpleName() + " " + error.getMessage();
        }
        line(node, value);
    }

    private static void line(TreeElement node, String value) {
        TreeReference ref = node.getRef();
        boolean fits = true;
        if (node.getValue() != null && node.getConstraint() != null) {
            try {
                fits = form.evaluateConstraint(ref, node.getValue());
            } catch (Exception error) {
                value = "error " + error.getMessage();
            }
        }
        OUT.println(String.join("\t", place(ref, false), node.isRelevant() ? "1" : "0",
            HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)), fits ? "1" : "0", node.isRequired() ? "1" : "0", choices(ref)));
    }

    private static String choices(TreeReference ref) {
        QuestionDef question = FormDef.findQuestionByRef(ref, form);
        if (question == null || question.getDynamicChoices() == null) return "-";
        TreeElement node = form.getMainInstance().resolveReference(ref);
        IAnswerData kept = node.getValue();
        try {
            return question.getDynamicChoices().getChoices(form, ref).stream().map(c -> c.getValue()).collect(Collectors.joining("\u001f"));
        } catch (Exception error) {
            return "error";
        } finally {
            node.setValue(kept); // asking for the choices takes away what is no longer among them
        }
    }

    // /data/home[1]/member[2]/age; of all instances of a repeat together without the last number
    private static String place(TreeReference ref, boolean ofAll) {
        StringBuilder path = new StringBuilder();
        TreeReference above = TreeReference.rootRef();
        for (int i = 0; i < ref.size(); i++) {
            path.append("/").append(ref.getName(i));
            above.add(ref.getName(i), ref.getMultiplicity(i));
            boolean isLast = i == ref.size() - 1;
            if (i > 0 && isRepeat(above) && !(ofAll && isLast)) path.append("[").append(ref.getMultiplicity(i) + 1).append("]");
        }
        return path.toString();
    }

    private static boolean isRepeat(TreeReference ref) {
        TreeElement template = form.getMainInstance().getTemplate(ref);
        return template != null && template.isRepeatable();
    }
}
