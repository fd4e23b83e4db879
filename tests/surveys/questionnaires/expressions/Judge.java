// Evaluates expressions in the instance of a form with JavaRosa: the judge of our two evaluators.
// usage: Judge FORM.xml < expressions, each on a line as hexadecimal UTF-8; prints a line each, the type and the value.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HexFormat;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

public class Judge {
    public static void main(String[] arguments) throws Exception {
        new XFormsModule().registerModule();
        FormDef form = XFormUtils.getFormFromInputStream(new FileInputStream(arguments[0]));
        form.initialize(false, new InstanceInitializationFactory());
        EvaluationContext context = form.getEvaluationContext();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        java.io.PrintStream out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String expression = new String(HexFormat.of().parseHex(line), StandardCharsets.UTF_8);
            out.println("= " + HexFormat.of().formatHex(worth(expression, form, context).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String worth(String expression, FormDef form, EvaluationContext context) {
        try {
            Object raw = XPathParseTool.parseXPath(expression).eval(form.getMainInstance(), context);
            Object value = XPathFuncExpr.unpack(raw);
            return kind(value) + " " + XPathFuncExpr.toString(value);
        } catch (Exception error) {
            return "error " + error.getClass().getSimpleName() + " " + error.getMessage();
        }
    }

    private static String kind(Object value) {
        if (value instanceof Date) return "date";
        if (value instanceof Boolean) return "truth";
        return value instanceof Double ? "number" : "text";
    }
}
